package io.galerne.server.log.store;

import io.galerne.server.log.Block;
import io.galerne.server.log.Commit;
import io.galerne.server.log.EventRecord;
import io.galerne.server.log.IdHash;
import io.galerne.server.log.PendingAppend;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A group commit with assigned sequences that is not in the log yet. Invalid as soon as anything
/// else is added to the log. Not safe for use by several threads.
public final class Draft {
  private final List<PendingAppend> group;
  private final List<long[]> answers;
  private final long first;
  private final EventRecord[] events;
  private final IdHash[] ids;
  private final List<Block> blocks;

  private Draft(
      List<PendingAppend> group,
      List<long[]> answers,
      long first,
      EventRecord[] events,
      IdHash[] ids,
      List<Block> blocks) {
    this.group = group;
    this.answers = answers;
    this.first = first;
    this.events = events;
    this.ids = ids;
    this.blocks = blocks;
  }

  /// Assigns a sequence to every event of the group: the next one, or that of the event it repeats.
  ///
  /// @param known for each event of the group, the sequence of the event in the log that it repeats
  /// @param first the next sequence
  /// @param logBytes bytes of all earlier blocks of the log
  static Draft of(List<PendingAppend> group, long[] known, long first, long millis, long logBytes) {
    List<EventRecord> fresh = new ArrayList<>(known.length);
    List<IdHash> freshIds = new ArrayList<>(known.length);
    List<long[]> answers = new ArrayList<>(group.size());
    Map<IdHash, Long> inThisCommit = HashMap.newHashMap(known.length);
    int position = 0;
    for (PendingAppend append : group) {
      long[] sequences = new long[append.ids().length];
      for (int i = 0; i < sequences.length; i++) {
        long sequence = known[position++];
        if (sequence == RecentData.UNKNOWN) {
          IdHash id = append.ids()[i];
          long next = first + fresh.size();
          Long earlier = inThisCommit.putIfAbsent(id, next);
          if (earlier == null) {
            fresh.add(append.events().get(i));
            freshIds.add(id);
          }
          sequence = earlier == null ? next : earlier;
        }
        sequences[i] = sequence;
      }
      answers.add(sequences);
    }
    EventRecord[] events = fresh.toArray(EventRecord[]::new);
    IdHash[] ids = freshIds.toArray(IdHash[]::new);
    return new Draft(
        group, answers, first, events, ids, Block.cut(events, first, millis, logBytes));
  }

  /// Whether every event is a repeat, so there is nothing to write.
  public boolean isEmpty() {
    return events.length == 0;
  }

  /// The blocks of its new events, in order.
  public List<Block> blocks() {
    return blocks;
  }

  /// The concatenated blocks.
  public byte[] bytes() {
    int length = blocks.stream().mapToInt(Block::length).sum();
    byte[] bytes = new byte[length];
    int at = 0;
    for (Block block : blocks) {
      System.arraycopy(block.bytes(), block.start(), bytes, at, block.length());
      at += block.length();
    }
    return bytes;
  }

  /// Its new events as a commit, for followers.
  public Commit commit() {
    return new Commit(first, events, group.getFirst().acceptedNanos());
  }

  EventRecord[] events() {
    return events;
  }

  IdHash[] ids() {
    return ids;
  }

  /// Completes every append of the group with the sequences of its events.
  public void answer() {
    for (int i = 0; i < group.size(); i++) {
      group.get(i).sequences().complete(answers.get(i));
    }
  }

  /// Refuses every append of the group: its events may or may not be durable.
  public void refuse(String reason) {
    group.forEach(append -> append.refuse(reason));
  }
}
