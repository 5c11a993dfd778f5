package io.galerne.server.log.jetstream;

import io.galerne.server.log.EventRecord;
import io.galerne.server.log.ExpiredException;
import io.galerne.server.log.LogUnreachableException;
import io.galerne.server.log.jetstream.SegmentIndex.Plan;
import io.nats.client.Message;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// What a selector selects where that is much, in ascending order: the cluster looks at all messages and
/// sends what is selected. The index tells how much there is in each segment, and that is what has to
/// come: so a server that lags behind, or events that expire meanwhile, are noticed and never taken for
/// the end. Where less comes, the stream's leader is asked: the index counts too much where two values
/// have the same key, or an operator has deleted.
///
/// For one thread at a time.
final class ClusterRead implements Selected, AutoCloseable {
  /// How long the next message may take. A server that is behind gets it in that time, or not soon.
  private static final Duration LATE = Duration.ofSeconds(5);

  /// After so much silence the leader is asked whether there is more at all.
  private static final Duration SILENCE = Duration.ofMillis(250);

  private final LogStream stream;
  private final ConsumerCursor cursor;
  private final EventParts parts = new EventParts();

  /// The segment of the last message that came, and how many came of it.
  private long segment;

  private int received;

  /// The sequence of the last message that came.
  private long last;

  /// Every selected event before it has been returned.
  private long position;

  private @Nullable Found next;

  /// Where the event begins whose parts are coming; 0 before the first.
  private long begin;

  private ClusterRead(LogStream stream, ConsumerCursor cursor, long segment, long from) {
    this.stream = stream;
    this.cursor = cursor;
    this.segment = segment;
    this.last = Segment.first(segment) - 1;
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

  /// Whether it cannot go on, and another has to be opened.
  boolean isBroken() {
    return cursor.isBroken();
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
      Message message = cursor.next(SILENCE);
      if (message == null) {
        // an event that is planned for may have parts behind where the last begins
        long end = parts.isWaiting() ? Math.max(last + 1, plan.last()) : plan.last();
        if (!isMore(plan, last + 1, end)) {
          return null;
        }
        cursor.requireThere();
        message = cursor.next(LATE);
      }
      if (message == null) {
        throw missing(plan);
      }
      take(plan, message);
    }
    return next.sequence() <= plan.last() ? next : null;
  }

  private void take(Plan plan, Message message) {
    long before = last;
    last = stream.fromStream(message.metaData().streamSequence());
    StoredMessage stored;
    EventRecord event;
    try {
      stored = StoredMessage.read(message.getData());
      event = parts.add(last, stored);
    } catch (IllegalArgumentException e) {
      return; // not ours, and not counted
    }
    if (!stored.continues()) {
      begin = last;
    } else if (begin == 0) {
      return; // its event began before what is read, and was counted there
    }
    if (Segment.of(begin) != segment) {
      long passed = plan.countFrom(segment) - plan.countFrom(Segment.of(begin));
      if (received < passed && isMore(plan, before + 1, begin - 1)) {
        throw missing(plan);
      }
      segment = Segment.of(begin);
      received = 0;
    }
    received += parts.completed();
    if (event != null && begin >= position) {
      next = new Found(begin, event);
    }
  }

  /// Whether there is, or was until it expired, a selected message between these sequences, both
  /// inclusive.
  private boolean isMore(Plan plan, long from, long to) {
    if (stream.state().first() > position) {
      return true;
    }
    for (String pattern : plan.selector().patterns()) {
      LogStream.Kept found = stream.firstFrom(from, pattern);
      if (found != null && found.sequence() <= to) {
        return true;
      }
    }
    return false;
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
            + (" to " + plan.last()));
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
    return plan.last() + 1;
  }

  @Override
  public void close() {
    cursor.close();
  }
}
