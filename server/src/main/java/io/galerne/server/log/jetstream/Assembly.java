package io.galerne.server.log.jetstream;

import io.galerne.server.log.Commit;
import io.galerne.server.log.EventRecord;
import io.nats.client.Message;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Puts the messages of the stream together to batches. The events of one that is whole are counted in
/// the index and kept in memory, and wait here to be shown.
///
/// For one thread.
final class Assembly {
  private static final Logger log = LoggerFactory.getLogger(Assembly.class);

  private final LogStream stream;
  private final SegmentIndex index;
  private final RecentEvents recent;
  private final Progress progress;

  /// Where the stream began when it was opened.
  private long startOfStream;

  /// Messages before it have been counted.
  private long countFrom;

  private @Nullable OpenBatch batch;
  private final List<Long> sequences = new ArrayList<>();
  private final List<EventRecord> events = new ArrayList<>();
  private long acceptedNanos;

  Assembly(LogStream stream, SegmentIndex index, RecentEvents recent, Progress progress) {
    this.stream = stream;
    this.index = index;
    this.recent = recent;
    this.progress = progress;
  }

  /// To be called once, before the first message.
  ///
  /// @param firstOfStream the stream's oldest sequence
  /// @param firstToCount everything before it is in the index already
  void begin(long firstOfStream, long firstToCount) {
    startOfStream = firstOfStream;
    countFrom = firstToCount;
  }

  /// Takes the next message of the stream.
  void add(long sequence, Message message) {
    endBefore(sequence);
    try {
      if (stream.isFence(message.getSubject())) {
        Fence.read(message.getData()); // it may be none
        batch = null;
        progress.settled(sequence, new Fence(progress.end().settled() + 1, sequence - 1));
      } else {
        add(sequence, StoredMessage.read(message.getData()));
      }
    } catch (IllegalArgumentException e) {
      foreign(sequence, e);
    }
  }

  private void add(long sequence, StoredMessage stored) {
    OpenBatch open = batch;
    if (open == null || !open.continuesWith(sequence, stored)) {
      // A batch whose beginning is not there is none, unless that was deleted.
      boolean begins =
          sequence == startOfStream || sequence - stored.place() > progress.end().last();
      open = begins ? new OpenBatch(sequence, stored) : null;
    }
    batch = open;
    if (open != null) {
      open.add(sequence, stored);
      if (open.isWhole()) {
        batch = null;
        complete(open);
        progress.settled(sequence, null);
        return;
      }
    }
    progress.unsettled(sequence);
  }

  /// Where the stream is past the end of a batch of which more was to come, that was deleted. Unless all
  /// of it was, and perhaps what had fenced it off, while we were away.
  private void endBefore(long sequence) {
    OpenBatch open = batch;
    if (open != null && open.end() < sequence) {
      boolean isThere = stream.state().first() <= open.first();
      batch = null;
      if (isThere) {
        complete(open);
      }
      progress.settled(open.end(), null);
    }
  }

  private void complete(OpenBatch open) {
    try {
      OpenBatch.Whole whole = open.whole();
      for (int i = 0; i < whole.events().size(); i++) {
        if (whole.sequences().get(i) >= countFrom) {
          recent.add(whole.sequences().get(i), whole.events().get(i));
        }
      }
      index.add(whole.messages().stream().filter(it -> it.sequence() >= countFrom).toList());
      if (sequences.isEmpty()) {
        acceptedNanos = progress.acceptedNanos(open.first());
      }
      sequences.addAll(whole.sequences());
      events.addAll(whole.events());
    } catch (IllegalArgumentException e) {
      warn(open.first(), e);
    }
  }

  /// Somebody else has published to the log's stream.
  private void foreign(long sequence, IllegalArgumentException reason) {
    warn(sequence, reason);
    settle(sequence);
    batch = null;
  }

  private static void warn(long sequence, IllegalArgumentException reason) {
    log.warn("Sequence {} of the NATS stream holds no event: {}", sequence, reason.getMessage());
  }

  /// Passes over what was deleted, up to this sequence.
  void pass(long sequence) {
    endBefore(sequence + 1);
    settle(sequence);
  }

  private void settle(long sequence) {
    Progress.End before = progress.end();
    if (batch == null && before.settled() == before.last()) {
      progress.settled(sequence, before.fence()); // it is of no batch
    } else {
      progress.unsettled(sequence);
    }
  }

  /// How many events wait to be shown.
  int waiting() {
    return events.size();
  }

  /// The events that wait to be shown; null where none do.
  @Nullable Commit take() {
    if (events.isEmpty()) {
      return null;
    }
    Commit commit =
        new Commit(
            sequences.stream().mapToLong(Long::longValue).toArray(),
            events.toArray(EventRecord[]::new),
            acceptedNanos);
    sequences.clear();
    events.clear();
    return commit;
  }
}
