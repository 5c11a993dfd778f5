package io.galerne.server.log.jetstream;

import io.galerne.server.log.Commit;
import io.galerne.server.log.LogOpenException;
import io.galerne.server.log.LogUnreachableException;
import io.nats.client.Message;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Follows the stream, once for the whole node: has an [Assembly] put together what comes, and shows it
/// to the log's followers. What it has not seen does not exist for this node, so whatever else goes on
/// in the cluster, all nodes see the same events in the same order.
///
/// Everything happens on the thread `galerne-follow`; others see [Progress].
final class Follower implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Follower.class);

  /// After so much silence the stream's leader is asked whether there really is nothing.
  private static final Duration SILENCE = Duration.ofMillis(500);

  /// The stream's leader is asked so often whether it is still the same log, also while messages come.
  private static final long MOST_UNASKED_NANOS = TimeUnit.SECONDS.toNanos(5);

  /// How long messages that the leader has told of may take to come.
  private static final long LATE_NANOS = TimeUnit.SECONDS.toNanos(2);

  /// How long the stream's leader may tell of less than this node has seen, until that is believed: one
  /// that was just elected may not know all of it for a moment.
  private static final long SHORTER_NANOS = TimeUnit.SECONDS.toNanos(3);

  /// After so long without an answer of the cluster, though there is a connection, another server is
  /// tried; then less and less often. An election takes some seconds itself.
  private static final long LEAVE_NANOS = TimeUnit.SECONDS.toNanos(5);

  private static final long MOST_UNTIL_LEAVE_NANOS = TimeUnit.SECONDS.toNanos(60);

  /// How often a connection that has ended for good is opened again.
  private static final long REOPEN_NANOS = TimeUnit.SECONDS.toNanos(1);

  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final long PROGRESS_NANOS = TimeUnit.SECONDS.toNanos(5);
  private static final long STALLED_NANOS = TimeUnit.SECONDS.toNanos(20);

  private static final long CLOSE_MILLIS = 2_500;

  /// How much is shown at once.
  private static final int MOST_SHOWN = 8192;

  private final LogStream stream;
  private final SegmentIndex index;
  private final Progress progress;
  private final Assembly assembly;
  private final List<Consumer<Commit>> followers = new CopyOnWriteArrayList<>();
  private final Thread thread = Thread.ofPlatform().name("galerne-follow").unstarted(this::run);

  /// Every message up to it has come.
  private long last;

  /// The message at `last`, to know it again; null before the first.
  private byte @Nullable [] lastData;

  private long lateSince;
  private long shorterSince;
  private long leaveAfterNanos = LEAVE_NANOS;
  private long openedNanos = System.nanoTime();
  private long askedNanos = System.nanoTime();

  /// Whether it was told that the log cannot be reached.
  private boolean away;

  /// Events that this node has seen are not in the stream any more: it and the stream are not of the
  /// same log from here on.
  private static final class LostEventsException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private LostEventsException(String what) {
      super(
          what
              + ": its servers have lost events. Put them back from a backup, or go on without them:"
              + " stop all nodes, and start one with --after-restore");
    }
  }

  Follower(LogStream stream, SegmentIndex index, RecentEvents recent, Progress progress) {
    this.stream = stream;
    this.index = index;
    this.progress = progress;
    this.assembly = new Assembly(stream, index, recent, progress);
  }

  /// Reads the index and what is behind it, then goes on following. Blocks until everything has been
  /// seen that the stream holds now.
  ///
  /// @throws LogUnreachableException where the cluster has not answered for twenty seconds
  /// @throws LogOpenException where the stream is not delivered
  void start() {
    try {
      LogStream.State state = firstState();
      load(state);
      thread.start();
      awaitAll(state.last());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LogOpenException("Interrupted while reading the log", e);
    }
  }

  /// A leader that was just elected, or whose stream was just made, has not heard the others yet.
  private LogStream.State firstState() throws InterruptedException {
    long deadline = System.nanoTime() + STALLED_NANOS;
    while (true) {
      try {
        return stream.state();
      } catch (LogUnreachableException e) {
        if (System.nanoTime() > deadline) {
          throw e;
        }
        TimeUnit.NANOSECONDS.sleep(PAUSE_NANOS);
      }
    }
  }

  private void awaitAll(long told) throws InterruptedException {
    long seen = progress.end().last();
    long progressNanos = System.nanoTime();
    while (seen < told) {
      progress.awaitBeyond(told - 1, PROGRESS_NANOS);
      long now = progress.end().last();
      if (now > seen) {
        progressNanos = System.nanoTime();
        log.info("Read the log up to {} of {} to build its index", now, told);
      } else if (System.nanoTime() - progressNanos > STALLED_NANOS) {
        throw new LogOpenException(
            "The NATS stream is not delivered beyond sequence "
                + seen
                + (" of " + told + "; look at 'nats stream info'"));
      }
      seen = now;
    }
  }

  private void load(LogStream.State state) {
    long first = state.first();
    index.begin(first - 1);
    long countFrom = first;
    long seen = first - 1;
    boolean whole = first == Segment.first(Segment.of(first));
    if (first <= state.last() && whole) {
      long complete = new StoredIndex(stream).load(index, Segment.of(first), state.last());
      if (complete > 0) {
        countFrom = Segment.first(Segment.of(first) + complete);
        seen = beforeBatchAt(countFrom);
      }
    }
    assembly.begin(first, countFrom);
    progress.settled(seen, null);
    last = seen;
  }

  /// What lies before the batch that the message with this sequence is of, or was.
  private long beforeBatchAt(long sequence) {
    LogStream.Kept next = stream.firstEventFrom(sequence);
    try {
      long begin =
          next == null ? sequence : next.sequence() - StoredMessage.read(next.data()).place();
      return Math.min(begin, sequence) - 1;
    } catch (IllegalArgumentException e) {
      return sequence - 1; // of no batch
    }
  }

  /// Hands later commits to a follower; see [io.galerne.server.log.EventLog#follow].
  long follow(Consumer<Commit> follower) {
    followers.add(follower);
    return index.head();
  }

  @Override
  public void close() {
    progress.close();
    thread.interrupt(); // it waits for what comes next
    try {
      thread.join(CLOSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    while (!progress.isClosed()) {
      try (ConsumerCursor cursor = stream.open(List.of(), nextWanted())) {
        while (!progress.isClosed()) {
          step(cursor);
        }
      } catch (LogReplacedException e) {
        end(e.reason());
        return;
      } catch (LogUnreachableException e) {
        failed(e.reason());
      } catch (LostEventsException e) {
        end(String.valueOf(e.getMessage()));
        return;
      } catch (RuntimeException | Error e) {
        log.error("The log is not followed any more; the server must be started again", e);
        failed("The log stopped after an internal error");
        throw e;
      }
    }
  }

  private void end(String reason) {
    log.error("The log is not followed any more. {}", reason);
    progress.lost(reason);
  }

  /// Begins with the last message that has come: where another one has taken its place, the stream was
  /// shorter meanwhile.
  private long nextWanted() {
    return lastData == null ? last + 1 : last;
  }

  private void step(ConsumerCursor cursor) {
    cursor.request(Long.MAX_VALUE);
    Message message = cursor.next(SILENCE);
    if (message == null) {
      lookForLate();
      return;
    }
    lateSince = 0;
    shorterSince = 0;
    while (message != null) {
      take(message);
      message = assembly.waiting() < MOST_SHOWN ? cursor.next(Duration.ZERO) : null;
    }
    Commit commit = assembly.take();
    if (commit != null) {
      followers.forEach(follower -> follower.accept(commit));
    }
    answered();
    if (System.nanoTime() - askedNanos > MOST_UNASKED_NANOS) {
      state();
    }
  }

  private LogStream.State state() {
    askedNanos = System.nanoTime();
    return stream.state();
  }

  private void answered() {
    progress.touch();
    leaveAfterNanos = LEAVE_NANOS;
    if (away) {
      away = false;
      log.info("The log can be reached again");
    }
  }

  private void take(Message message) {
    long sequence = stream.fromStream(message.metaData().streamSequence());
    if (sequence > last) {
      assembly.add(sequence, message);
      last = sequence;
      lastData = message.getData();
    } else if (!Arrays.equals(message.getData(), lastData)) {
      throw new LostEventsException(
          "The NATS stream holds another message at " + sequence + " than it once did");
    }
  }

  /// Nothing came: either there is nothing, or the cursor is broken.
  private void lookForLate() {
    long told = state().last();
    if (told < last) {
      lookForLost(told);
      return;
    }
    shorterSince = 0;
    if (told == last) {
      lateSince = 0;
    } else if (lateSince == 0) {
      lateSince = System.nanoTime();
    } else if (System.nanoTime() - lateSince > LATE_NANOS) {
      lateSince = 0;
      if (!isDeletedUpTo(told)) {
        throw new LogUnreachableException("The NATS stream is not delivered up to its end");
      }
      assembly.pass(told);
      last = told;
      lastData = null;
    }
    answered();
  }

  /// Whether all that was stored behind what has come was deleted, up to what the stream's leader has
  /// told of. Asks twice: another server may just have become the leader, and not know all of it.
  private boolean isDeletedUpTo(long told) {
    return holdsNothingBehindLast() && stream.state().last() >= told && holdsNothingBehindLast();
  }

  private boolean holdsNothingBehindLast() {
    List<String> all = stream.subjects().all();
    return all.stream().allMatch(each -> stream.firstFrom(last + 1, each) == null);
  }

  /// The stream's leader tells of less than this node has seen.
  private void lookForLost(long told) {
    if (shorterSince == 0) {
      shorterSince = System.nanoTime();
    } else if (System.nanoTime() - shorterSince > SHORTER_NANOS) {
      throw new LostEventsException("The NATS stream ends at " + told + " and once held " + last);
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
    try {
      progress.awaitBeyond(Long.MAX_VALUE - 1, PAUSE_NANOS); // or until it is closed
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
