package io.galerne.client.internal.stream;

import io.galerne.client.checkpoint.Checkpoint;
import io.galerne.client.error.StreamException;
import io.galerne.client.stream.Gap;
import io.galerne.client.stream.StreamRequest;
import java.lang.System.Logger.Level;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// A stream's position in the log. Everything else of a stream may fail and start over; the
/// position only moves forward, past events that were delivered or have expired.
///
/// For the reading thread, except [#checkpoint()].
final class ReadPosition {
  private static final System.Logger LOG = System.getLogger("io.galerne.client");
  private static final long NONE = -1;

  private final String operation;
  private final boolean fromNowOn;
  private final StreamRequest request;
  private final SeenSequences seen;
  private final boolean startsLate;

  /// The last sequence that was read. Anything up to it was read before, or should have been.
  private long last;

  /// Whether a connection resumes after [#last]; if not, it starts where the request says.
  private boolean resumes;

  /// Whether everything up to the caller's position has expired.
  private boolean resumedAmongExpired;

  /// The last repeated sequence on this connection among those too old to remember.
  private long lastOld;

  // Written by the reading thread, read by any.
  private volatile String logId = "";
  private volatile long handedOut = NONE;

  ReadPosition(StreamPlan plan) {
    operation = plan.fresh().operation();
    request = plan.request();
    Checkpoint resumeAfter = request.resumeAfter().orElse(null);
    fromNowOn = resumeAfter == null && plan.startSequence() < 0;
    if (resumeAfter != null) {
      logId = resumeAfter.logId();
      last = resumeAfter.sequence();
      handedOut = last;
      resumes = true;
    } else {
      last = Math.max(0, plan.startSequence() - 1);
    }
    seen = new SeenSequences(last);
    startsLate = fromNowOn || last > 0;
  }

  /// The sequence that the next connection resumes after; empty if it starts where the request
  /// says.
  OptionalLong resumesAfter() {
    return resumes ? OptionalLong.of(last) : OptionalLong.empty();
  }

  /// Whether the stream starts after the beginning of the log, so that it may miss an execution's
  /// earlier events.
  boolean startsLate() {
    return startsLate;
  }

  /// Whether everything up to the caller's position has expired, according to the server.
  boolean resumedAmongExpired() {
    return resumedAmongExpired;
  }

  /// Whether the stream has delivered everything that was stored when the connection was opened,
  /// according to the server.
  boolean isAtHead(StreamConnection connection) {
    OptionalLong head = connection.headSequence();
    return resumes && head.isPresent() && head.getAsLong() <= last;
  }

  /// The position after the last delivered event; null if nothing was delivered and the request set
  /// no position.
  @Nullable Checkpoint checkpoint() {
    long sequence = handedOut;
    return sequence == NONE ? null : new Checkpoint(logId, sequence);
  }

  /// Checks whether a new connection can continue where the previous one ended.
  ///
  /// @throws StreamException if it cannot
  void connected(StreamConnection connection) {
    lastOld = NONE;
    String found = connection.logId();
    if (!found.isEmpty() && !logId.isEmpty() && !found.equals(logId)) {
      throw logChanged("it was log " + logId + " and is now log " + found);
    }
    OptionalLong head = connection.headSequence();
    if (resumes && head.isPresent() && head.getAsLong() < last) {
      throw logChanged(
          "it now ends at sequence " + head.getAsLong() + ", before the position " + last);
    }
    if (!found.isEmpty()) {
      logId = found;
    }
    OptionalLong oldest = connection.oldestSequence();
    Checkpoint given = request.resumeAfter().orElse(null);
    resumedAmongExpired =
        given != null
            && given.sequence() > 0
            && oldest.isPresent()
            && oldest.getAsLong() > given.sequence();
    boolean wantedAll = resumes || last > 0;
    if (wantedAll && oldest.isPresent() && oldest.getAsLong() > last + 1) {
      skip(new Gap(last + 1, oldest.getAsLong() - 1));
    }
    if (fromNowOn && !resumes && head.isPresent()) {
      last = head.getAsLong();
      seen.forgetUpTo(last);
      resumes = true;
    }
  }

  private StreamException logChanged(String how) {
    return new StreamException(
        StreamException.Kind.LOG_CHANGED,
        operation
            + ": the log is not the one of the position: "
            + (how + ". Choose where to start over, such as without a position"),
        checkpoint(),
        null);
  }

  private void skip(Gap gap) {
    if (request.failOnGap()) {
      throw new StreamException(
          StreamException.Kind.GAP,
          operation
              + ": sequences "
              + (gap.from() + " to " + gap.to() + " have expired and cannot be delivered")
              + ". To continue after them, resume at "
              + (gap.to() + " or omit failOnGap()"),
          checkpoint(),
          null);
    }
    LOG.log(
        Level.WARNING,
        () -> "Sequences " + gap.from() + " to " + gap.to() + " expired before they were read");
    request.listener().onGap(gap);
    last = gap.to();
    seen.forgetUpTo(last);
    handedOut = last;
    resumes = true;
  }

  /// Records an event; returns whether to deliver it.
  ///
  /// @throws StreamException if it or another event arrived out of order
  boolean isNew(long sequence) {
    if (sequence > last || (fromNowOn && !resumes)) {
      if (!resumes) {
        resumes = true;
        seen.forgetUpTo(fromNowOn ? sequence - 1 : 0);
      }
      last = sequence;
      seen.add(sequence);
      return true;
    }
    SeenSequences.Known known = seen.lookUp(sequence);
    if (known == SeenSequences.Known.OLD && sequence > lastOld) {
      lastOld = sequence;
      return false;
    }
    if (known != SeenSequences.Known.REPEATED) {
      throw new StreamException(
          StreamException.Kind.OUT_OF_ORDER,
          operation
              + ": sequence "
              + (sequence + " arrived after " + Math.max(last, lastOld) + " instead of before it")
              + ": the server's order is unreliable",
          checkpoint(),
          null);
    }
    return false;
  }

  /// Records that the event of this sequence was delivered.
  void handedOut(long sequence) {
    handedOut = sequence;
  }
}
