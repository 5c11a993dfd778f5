package io.galerne.jetstream;

import io.galerne.jetstream.Progress.End;
import io.galerne.server.log.LogUnavailableException;
import io.galerne.server.log.LogUnreachableException;
import io.nats.client.Message;
import io.nats.client.impl.NatsJetStreamMetaData;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Follows the stream, once for the whole node: assembles its messages into commits and applies
/// them to the [View]. A commit that it has not applied does not exist for this node, so all nodes
/// see the same events in the same order, whatever happens in the cluster.
///
/// Runs on the thread `galerne-follow`; other threads use [Progress].
final class Follower implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Follower.class);

  /// After this silence, the stream's leader is asked whether there are no new messages.
  private static final Duration SILENCE = Duration.ofMillis(500);

  /// How often the stream's leader is asked whether it is still the same log, even if messages
  /// arrive.
  private static final long MOST_UNASKED_NANOS = TimeUnit.SECONDS.toNanos(5);

  /// How long messages that the leader has reported may take to arrive.
  private static final long LATE_NANOS = TimeUnit.SECONDS.toNanos(2);

  /// How long the stream's leader may report less than this node has seen before it is believed: a
  /// newly elected one may not know the whole stream for a moment.
  private static final long SHORTER_NANOS = TimeUnit.SECONDS.toNanos(3);

  /// If a connected server gives no answer of the cluster for this long, another server is tried,
  /// then less and less often. An election itself takes a few seconds.
  private static final long LEAVE_NANOS = TimeUnit.SECONDS.toNanos(5);

  private static final long MOST_UNTIL_LEAVE_NANOS = TimeUnit.SECONDS.toNanos(60);

  /// How often a connection that the client has given up is reopened.
  private static final long REOPEN_NANOS = TimeUnit.SECONDS.toNanos(1);

  /// A node that is this many messages behind has caught up: while others append, there are always
  /// some.
  private static final int CLOSE_ENOUGH = 64;

  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final long PROGRESS_NANOS = TimeUnit.SECONDS.toNanos(5);
  private static final long CLOSE_MILLIS = 2_500;

  private final LogStream stream;
  private final View view;
  private final Progress progress;
  private final CommitAssembler assembler = new CommitAssembler();
  private final Thread thread = Thread.ofPlatform().name("galerne-follow").unstarted(this::run);

  /// Every message up to it has been received.
  private long last;

  /// The message at `last`, to recognise it; null if it is not known.
  private byte @Nullable [] lastData;

  /// The number of lost connections when the cursor was opened.
  private int losses;

  /// Whether the stream was verified to be the same since then.
  private boolean verified;

  /// The first of the messages that were not delivered before the next commit; 0 if all were.
  private long missingFrom;

  /// The position that the node must reach before it serves clients.
  private long target;

  /// Whether the view failed, so that it is unknown how much was applied.
  private boolean viewFailed;

  private long lateSince;
  private long shorterSince;
  private long leaveAfterNanos = LEAVE_NANOS;
  private long openedNanos = System.nanoTime();
  private long askedNanos = System.nanoTime();
  private long loggedNanos = System.nanoTime();

  /// Whether the unreachable log was reported.
  private boolean away;

  /// @param lastData the message at the view's position; null if it is not known
  /// @param target the last position of the stream
  Follower(
      LogStream stream, View view, Progress progress, byte @Nullable [] lastData, long target) {
    this.stream = stream;
    this.view = view;
    this.progress = progress;
    this.last = view.position();
    this.lastData = lastData;
    this.target = target;
  }

  void start() {
    progress.begin(last, view.head());
    progress.catchUpTo(target);
    thread.start();
  }

  @Override
  public void close() {
    progress.close();
    thread.interrupt(); // it waits for the next message
    try {
      thread.join(CLOSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try {
      follow();
    } catch (RuntimeException | Error e) {
      log.error("Stopped following the log; start the server again", e);
      progress.end("The log stopped after an internal error");
      throw e;
    }
  }

  private void follow() {
    while (!progress.isClosed()) {
      try {
        requireWritable();
        if (!progress.hasCaughtUp()) {
          catchUp();
        }
        try (StreamCursor cursor = stream.open(lastData == null ? last + 1 : last)) {
          losses = cursor.losses();
          verified = false;
          if (lastData == null) {
            verify();
          }
          while (!progress.isClosed()) {
            step(cursor);
          }
        }
      } catch (LogReplacedException e) {
        end(e.reason());
        return;
      } catch (LogUnreachableException e) {
        failed(e.reason());
      } catch (LogUnavailableException e) {
        viewFailed = true;
        progress.viewTrouble(e.reason());
        pause();
      } catch (LostEventsException e) {
        end(String.valueOf(e.getMessage()));
        return;
      }
    }
  }

  private void end(String reason) {
    log.error("Stopped following the log. {}", reason);
    progress.end(reason);
  }

  /// Makes sure that commits can be applied. After a failure of the view, continues after the last
  /// commit that was applied.
  private void requireWritable() {
    view.requireWritable();
    if (viewFailed) {
      viewFailed = false;
      progress.viewTrouble("");
      view.clear();
      assembler.clear();
      last = view.position();
      lastData = null;
      missingFrom = 0;
      progress.begin(last, view.head());
    }
  }

  private void step(StreamCursor cursor) {
    requireWritable();
    Message message = cursor.next(SILENCE);
    if (message == null) {
      askLeader();
      return;
    }
    lateSince = 0;
    shorterSince = 0;
    NatsJetStreamMetaData place = message.metaData();
    progress.streamReaches(place.streamSequence() + place.pendingCount());
    try {
      while (message != null) {
        take(message);
        message = view.isFull() ? null : cursor.next(Duration.ZERO);
      }
    } finally {
      flush();
    }
    answered();
    if (!progress.hasCaughtUp()) {
      catchUp();
    } else if (System.nanoTime() - askedNanos > MOST_UNASKED_NANOS) {
      state();
    }
  }

  private void flush() {
    view.flush();
    boolean isOpen = assembler.isOpen();
    long writer = isOpen ? assembler.openWriter() : 0;
    progress.applied(new End(last, isOpen, writer, System.nanoTime()), view.head());
  }

  private LogStream.State state() {
    askedNanos = System.nanoTime();
    LogStream.State state = stream.state();
    progress.streamReaches(state.last());
    return state;
  }

  private void answered() {
    progress.contact();
    leaveAfterNanos = LEAVE_NANOS;
    if (away) {
      away = false;
      log.info("The log can be reached again");
    }
  }

  private void take(Message message) {
    long position = message.metaData().streamSequence();
    byte[] data = message.getData();
    if (position <= last) {
      requireSame(data);
      return;
    }
    verify(); // the message at `last` was deleted, or received
    if (position > last + 1 && missingFrom == 0) {
      missingFrom = last + 1;
    }
    CommitAssembler.Whole whole = assembler.add(position, data);
    last = position;
    lastData = data;
    if (whole != null) {
      view.add(whole, missingFrom);
      missingFrom = 0;
    }
  }

  private void requireSame(byte[] data) {
    if (lastData != null && !Arrays.equals(data, lastData)) {
      throw new LostEventsException(
          "The NATS stream %s holds another message at %d than it once did"
              .formatted(stream.name(), last));
    }
    verify();
  }

  /// Records that the stream is the same as before over this connection.
  private void verify() {
    if (!verified) {
      verified = true;
      progress.following(losses);
    }
  }

  /// Handles silence: either there are no messages, or the cursor is broken.
  private void askLeader() {
    long reported = state().last();
    if (reported < last) {
      lookForLost(reported);
      return;
    }
    shorterSince = 0;
    if (reported == last) {
      lateSince = 0;
      if (!verified) {
        LogStream.Kept kept = stream.get(last);
        if (kept != null) {
          requireSame(kept.data());
        }
        verify();
      }
    } else if (lateSince == 0) {
      lateSince = System.nanoTime();
    } else if (System.nanoTime() - lateSince > LATE_NANOS) {
      lateSince = 0;
      requireNotDeleted(reported);
      throw new LogUnreachableException("The NATS stream is not delivered up to its end");
    }
    answered();
    if (!progress.hasCaughtUp()) {
      catchUp();
    }
  }

  /// If messages after the last received one were deleted, their sequences are unknown. Asks twice:
  /// a newly elected leader may not know the whole stream.
  private void requireNotDeleted(long reported) {
    if (stream.firstFrom(last + 1) == null
        && stream.state().last() >= reported
        && stream.firstFrom(last + 1) == null) {
      throw new LostEventsException(
          "The messages %d to %d of the NATS stream %s were deleted"
              .formatted(last + 1, reported, stream.name()));
    }
  }

  /// Checks for lost messages: the stream's leader reports less than this node has seen.
  private void lookForLost(long reported) {
    if (shorterSince == 0) {
      shorterSince = System.nanoTime();
    } else if (System.nanoTime() - shorterSince > SHORTER_NANOS) {
      throw new LostEventsException(
          "The NATS stream %s ends at %d and once held %d"
              .formatted(stream.name(), reported, last));
    }
  }

  /// Checks whether the node has caught up enough to serve readers.
  private void catchUp() {
    if (last < target) {
      if (System.nanoTime() - loggedNanos > PROGRESS_NANOS) {
        loggedNanos = System.nanoTime();
        log.info("Catching up: {}", progress.describe());
      }
      return;
    }
    LogStream.State state = state();
    target = state.last();
    progress.catchUpTo(target);
    if (target - last <= CLOSE_ENOUGH) {
      if (view.head() == 0 && state.first() > 1) {
        throw new LostEventsException(
            "The NATS stream %s begins at %d and holds no events"
                .formatted(stream.name(), state.first()));
      }
      view.expire();
      progress.caughtUp();
      log.info("Caught up with the NATS stream {} at message {}", stream.name(), last);
    }
  }

  private void failed(String reason) {
    shorterSince = 0;
    progress.failed(reason);
    if (!away && !progress.health().ready()) {
      away = true;
      log.warn("The log cannot be reached, and publishers are refused until it can. {}", reason);
    }
    long now = System.nanoTime();
    if (now - openedNanos > REOPEN_NANOS) {
      openedNanos = now;
      stream.cluster().openAgain();
    }
    long silence = progress.silenceNanos();
    if (silence >= leaveAfterNanos) {
      leaveAfterNanos = silence + Math.min(silence, MOST_UNTIL_LEAVE_NANOS);
      stream.cluster().tryAnother(reason);
    }
    pause();
  }

  private void pause() {
    try {
      progress.awaitClosed(PAUSE_NANOS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
