package io.galerne.server.log.jetstream;

import io.galerne.server.log.EventRecord;
import io.galerne.server.log.ExpiredException;
import io.galerne.server.log.LogUnreachableException;
import io.galerne.server.log.jetstream.SegmentIndex.Plan;
import io.nats.client.Message;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// What a selector selects, in ascending order, read from the cluster. The index tells how much there
/// is in each segment, and that is what has to come: so a server that lags behind, or events that
/// expire meanwhile, are noticed and never taken for the end.
///
/// For one thread at a time.
final class ClusterRead implements Selected, AutoCloseable {
  /// How long the next message may take. A server that is behind gets it in that time, or not soon.
  private static final Duration LATE = Duration.ofSeconds(5);

  private final LogStream stream;
  private final ConsumerCursor cursor;
  private final EventParts parts = new EventParts();

  /// The segment of the last message that came, and how many came of it.
  private long segment;

  private int received;

  /// Every selected event before it has been returned.
  private long position;

  private @Nullable Found next;
  private long begin;

  private ClusterRead(LogStream stream, ConsumerCursor cursor, long segment, long from) {
    this.stream = stream;
    this.cursor = cursor;
    this.segment = segment;
    this.position = from;
  }

  /// Opens what is selected from a sequence on, inclusive.
  ///
  /// @param plan holds at least one segment
  static ClusterRead open(LogStream stream, Plan plan, long from) {
    long segment = plan.segments()[0];
    ConsumerCursor cursor = stream.open(plan.selector().patterns(), Segment.first(segment));
    return new ClusterRead(stream, cursor, segment, from);
  }

  /// Goes on at a sequence at which an earlier read has ended.
  void resumeAt(long from) {
    if (Segment.of(from) > segment) {
      segment = Segment.of(from); // the earlier read took the very last of the segment before
      received = 0;
    }
  }

  /// @throws LogUnreachableException where what there should be does not come
  /// @throws ExpiredException where events have expired meanwhile
  @Override
  public @Nullable Found peek(Plan plan) {
    while (next == null) {
      long missing = plan.countFrom(segment) - received;
      if (missing <= 0) {
        return null;
      }
      cursor.request(missing);
      Message message = cursor.next(LATE);
      if (message == null) {
        throw missing(plan);
      }
      take(plan, message);
    }
    return next.sequence() <= plan.head() ? next : null;
  }

  private void take(Plan plan, Message message) {
    long sequence = stream.fromStream(message.metaData().streamSequence());
    StoredMessage stored;
    try {
      stored = StoredMessage.read(message.getData());
    } catch (IllegalArgumentException e) {
      return; // not ours, and not counted
    }
    if (Segment.of(sequence) != segment) {
      long passed = plan.countFrom(segment) - plan.countFrom(Segment.of(sequence));
      if (received < passed) {
        throw missing(plan);
      }
      segment = Segment.of(sequence);
      received = 0;
    }
    received++;
    if (!stored.continues()) {
      begin = sequence;
    }
    EventRecord event = parts.add(stored);
    if (event != null && begin >= position) {
      next = new Found(begin, event);
    }
  }

  /// Why there is less than the index has counted.
  private RuntimeException missing(Plan plan) {
    long first = stream.state().first();
    if (first > position) {
      return new ExpiredException(position, first);
    }
    return new LogUnreachableException(
        "The NATS stream does not deliver what it holds from sequence "
            + position
            + (" to " + plan.head()));
  }

  @Override
  public void pass() {
    if (next != null) {
      position = next.sequence() + 1;
      next = null;
    }
  }

  @Override
  public long end(Plan plan) {
    return plan.head() + 1;
  }

  @Override
  public void close() {
    cursor.close();
  }
}
