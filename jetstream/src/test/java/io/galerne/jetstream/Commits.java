package io.galerne.jetstream;

import io.galerne.server.log.Block;
import io.galerne.server.log.EventRecord;
import io.galerne.server.log.SampleEvent;
import java.util.List;

/// Creates commits like a node, with a chosen number of messages.
final class Commits {
  /// The offset of a block's first event, which begins with its length.
  static final int FIRST_EVENT = 33;

  private Commits() {}

  /// Returns the blocks of a commit whose first event has that sequence.
  static List<Block> blocks(long first, List<EventRecord> events) {
    return Block.cut(events.toArray(EventRecord[]::new), first, SampleEvent.NOW.toEpochMilli(), 0);
  }

  /// Returns a commit in `count` messages.
  static List<CommitPart> parts(long first, List<EventRecord> events, long writer, int count) {
    List<Block> blocks = blocks(first, events);
    int bytes = blocks.stream().mapToInt(Block::length).sum();
    List<CommitPart> parts =
        CommitPart.cut(blocks, writer, 1, CommitPart.HEADER_BYTES + (bytes + count - 1) / count);
    if (parts.size() != count) {
      throw new AssertionError(parts.size() + " messages instead of " + count);
    }
    return parts;
  }
}
