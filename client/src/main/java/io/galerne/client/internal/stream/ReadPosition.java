package io.galerne.client.internal.stream;

import io.galerne.client.Checkpoint;
import io.galerne.client.Gap;
import io.galerne.client.StreamRequest;
import io.galerne.client.error.StreamException;
import java.lang.System.Logger.Level;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// How far a stream has read the log. Everything else of a stream may fail and start over; this
/// only moves forward, past what was handed out or is known to be gone.
///
/// For the reading thread, but for [#checkpoint()].
final class ReadPosition {
  private static final System.Logger LOG = System.getLogger("io.galerne.client");
  private static final long NONE = -1;

  private final String operation;
  private final boolean fromNowOn;
  private final StreamRequest request;
  private final SeenSequences seen;
  private final boolean startsLate;

  /// The last sequence that was read. What is not beyond it was read before, or should have been.
  private long last;

  /// Whether a connection resumes behind [#last]; where not, it begins as the request says.
  private boolean resumes;

  /// Whether all up to the position that the caller gave has expired.
  private boolean resumedAmongExpired;

  /// The last that was seen again on this connection, of those too old to remember.
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

  /// What the next connection resumes behind; empty where it begins as the request says.
  OptionalLong resumesAfter() {
    return resumes ? OptionalLong.of(last) : OptionalLong.empty();
  }

  /// Whether the stream starts somewhere after the beginning, so that it may not be told how an
  /// execution has fared before.
  boolean startsLate() {
    return startsLate;
  }

  /// Whether the caller gave a position up to which everything has expired, as far as the server
  /// says.
  boolean resumedAmongExpired() {
    return resumedAmongExpired;
  }

  /// Whether nothing that the stream still has to deliver was stored when the connection was opened,
  /// as far as the server says.
  boolean isAtHead(StreamConnection connection) {
    OptionalLong head = connection.headSequence();
    return resumes && head.isPresent() && head.getAsLong() <= last;
  }

  /// What was handed out; null where nothing was, nor was it told where to begin.
  @Nullable Checkpoint checkpoint() {
    long sequence = handedOut;
    return sequence == NONE ? null : new Checkpoint(logId, sequence);
  }

  /// A connection was opened: looks whether it can go on where the one before ended.
  ///
  /// @throws StreamException where it cannot
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
            + ": the log is not the one that the position is of: "
            + (how + ". Decide where to start over, such as without a position"),
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
              + ". Resume at "
              + (gap.to() + " or without failOnGap() to continue after them"),
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

  /// An event was read: whether it is one to hand out.
  ///
  /// @throws StreamException where it or another came out of order
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
              + (sequence + " came after " + Math.max(last, lastOld) + " and not before it")
              + ": the server's order cannot be relied on",
          checkpoint(),
          null);
    }
    return false;
  }

  /// The caller was given the event of this sequence.
  void handedOut(long sequence) {
    handedOut = sequence;
  }
}
