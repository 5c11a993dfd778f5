package io.galerne.server.log.jetstream;

import io.galerne.server.log.Commit;
import io.galerne.server.log.EventRecord;
import io.galerne.server.log.Health;
import io.galerne.server.log.LogOpenException;
import io.galerne.server.log.LogUnreachableException;
import io.nats.client.Message;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Follows the stream, once for the whole node: counts in the index what it sees and shows it to the
/// log's followers. What it has not seen does not exist for this node, so whatever else goes on in the
/// cluster, all nodes see the same events in the same order.
///
/// The thread `galerne-follow` owns everything but the fields below `lock`.
final class Follower implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Follower.class);

  /// After so much silence the stream's leader is asked whether there really is nothing.
  private static final Duration SILENCE = Duration.ofMillis(500);

  /// How long messages that the leader has told of may take to come.
  private static final long LATE_NANOS = TimeUnit.SECONDS.toNanos(2);

  /// How long the cluster may be away before the node says that it is. Choosing a new leader takes
  /// seconds, and nobody needs to know.
  private static final long AWAY_NANOS = TimeUnit.SECONDS.toNanos(6);

  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final long PROGRESS_NANOS = TimeUnit.SECONDS.toNanos(5);
  private static final long STALLED_NANOS = TimeUnit.SECONDS.toNanos(20);

  /// How long a reader waits who has come further than this node: another is a moment ahead, most
  /// often.
  private static final long MOST_WAITED_MILLIS = 1000;

  private static final long CLOSE_MILLIS = 2_500;

  /// How much is shown at once.
  private static final int MOST_SHOWN = 8192;

  private final LogStream stream;
  private final SegmentIndex index;
  private final RecentEvents recent;
  private final List<Consumer<Commit>> followers = new CopyOnWriteArrayList<>();
  private final Thread thread = Thread.ofPlatform().name("galerne-follow").unstarted(this::run);

  private @Nullable OpenBatch batch;
  private final List<Long> sequences = new ArrayList<>();
  private final List<EventRecord> events = new ArrayList<>();
  private long acceptedNanos;
  private long lateSince;

  /// Where the stream began when it was opened.
  private long startOfStream;

  /// Messages before it have been counted.
  private long countFrom;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  /// Every message up to it has been seen.
  private long last;

  /// The end of the last whole batch, or the last fence: what is behind it is no event yet.
  private long settled;

  private @Nullable Fence fence;
  private long contactNanos = System.nanoTime();
  private String trouble = "The NATS cluster does not answer";
  private @Nullable Publishing publishing;
  private final List<Waiting> waiting = new ArrayList<>();
  private boolean closed;

  /// Somebody who waits until this sequence has been seen.
  private record Waiting(long sequence, CompletableFuture<Void> seen) {}

  /// A batch that this node is publishing.
  private record Publishing(long first, long acceptedNanos) {}

  /// What this node knows of the end of the stream.
  ///
  /// @param settled the end of the last whole batch, or the last fence
  /// @param last the last sequence; beyond `settled` where a batch is coming in, or broken
  /// @param fence what the message at `settled` says, if it is a fence
  record End(long settled, long last, @Nullable Fence fence) {}

  Follower(LogStream stream, SegmentIndex index, RecentEvents recent) {
    this.stream = stream;
    this.index = index;
    this.recent = recent;
  }

  /// Reads the index and what is behind it, then goes on following. Blocks until everything has been
  /// seen that the stream holds now.
  ///
  /// @throws LogUnreachableException where the cluster does not answer
  /// @throws LogOpenException where the stream is not delivered
  void start() {
    LogStream.State state = stream.state();
    load(state);
    thread.start();
    try {
      awaitAll(state.last());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LogOpenException("Interrupted while reading the log", e);
    }
  }

  private void awaitAll(long told) throws InterruptedException {
    long seen = end().last();
    long progressNanos = System.nanoTime();
    while (seen < told) {
      awaitBeyond(told - 1, PROGRESS_NANOS);
      long now = end().last();
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
    last = first - 1;
    startOfStream = first;
    countFrom = first;
    boolean whole = first == Segment.first(Segment.of(first));
    if (first <= state.last() && whole) {
      long complete = new StoredIndex(stream).load(index, Segment.of(first), state.last());
      if (complete > 0) {
        countFrom = Segment.first(Segment.of(first) + complete);
        last = beforeBatchAt(countFrom);
      }
    }
    settled = last;
  }

  /// What lies before the batch that the message with this sequence is of.
  private long beforeBatchAt(long sequence) {
    LogStream.Kept message = stream.get(sequence);
    try {
      return message == null || isFence(message.subject())
          ? sequence - 1
          : sequence - 1 - StoredMessage.read(message.data()).place();
    } catch (IllegalArgumentException e) {
      return sequence - 1; // of no batch
    }
  }

  private boolean isFence(String subject) {
    return subject.equals(stream.subjects().fence());
  }

  /// Hands later commits to a follower; see [io.galerne.server.log.EventLog#follow].
  long follow(Consumer<Commit> follower) {
    followers.add(follower);
    return index.head();
  }

  End end() {
    lock.lock();
    try {
      return new End(settled, last, fence);
    } finally {
      lock.unlock();
    }
  }

  /// Waits until something behind this sequence has been seen and shown.
  ///
  /// @return whether it has
  boolean awaitBeyond(long sequence, long timeoutNanos) throws InterruptedException {
    lock.lock();
    try {
      long left = timeoutNanos;
      while (last <= sequence && left > 0 && !closed) {
        left = changed.awaitNanos(left);
      }
      return last > sequence;
    } finally {
      lock.unlock();
    }
  }

  /// Completes once every event up to this sequence has been seen, or after a second. A batch that is
  /// still coming in holds no event for this node.
  CompletableFuture<Void> seen(long sequence) {
    lock.lock();
    try {
      if (settled >= sequence) {
        return CompletableFuture.completedFuture(null);
      }
      CompletableFuture<Void> seen = new CompletableFuture<>();
      waiting.add(new Waiting(sequence, seen));
      return seen.completeOnTimeout(null, MOST_WAITED_MILLIS, TimeUnit.MILLISECONDS);
    } finally {
      lock.unlock();
    }
  }

  /// Notes when the events were accepted that this node is about to publish from this sequence on.
  void publishing(long first, long nanos) {
    lock.lock();
    try {
      publishing = new Publishing(first, nanos);
    } finally {
      lock.unlock();
    }
  }

  private long acceptedNanos(long first) {
    lock.lock();
    try {
      Publishing own = publishing;
      return own != null && own.first() == first ? own.acceptedNanos() : System.nanoTime();
    } finally {
      lock.unlock();
    }
  }

  /// Whether the cluster is there.
  Health health() {
    lock.lock();
    try {
      boolean away = System.nanoTime() - contactNanos > AWAY_NANOS;
      return away ? new Health(false, trouble) : Health.READY;
    } finally {
      lock.unlock();
    }
  }

  private boolean isClosed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    thread.interrupt(); // it waits for what comes next
    try {
      thread.join(CLOSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    while (!isClosed()) {
      try (ConsumerCursor cursor = stream.open(List.of(), end().last() + 1)) {
        while (!isClosed()) {
          step(cursor);
        }
      } catch (LogUnreachableException e) {
        failed(e.reason());
      } catch (RuntimeException | Error e) {
        log.error("The log is not followed any more; the server must be started again", e);
        failed("The log stopped after an internal error");
        throw e;
      }
    }
  }

  private void step(ConsumerCursor cursor) {
    cursor.request(Long.MAX_VALUE);
    Message message = cursor.next(SILENCE);
    if (message == null) {
      lookForLate();
      return;
    }
    while (message != null) {
      see(stream.fromStream(message.metaData().streamSequence()), message);
      message = events.size() < MOST_SHOWN ? cursor.next(Duration.ZERO) : null;
    }
    show();
    touch();
  }

  /// Nothing came: either there is nothing, or the cursor is broken.
  private void lookForLate() {
    long told = stream.state().last();
    if (told < end().last()) {
      throw new LogUnreachableException(
          "The NATS stream ends at "
              + told
              + " and once held "
              + end().last()
              + (": its servers have lost events. Put them back from a backup, or go on without them:"
                  + " stop all nodes, and start one with --after-restore"));
    }
    if (told > end().last()) {
      if (lateSince == 0) {
        lateSince = System.nanoTime();
      } else if (System.nanoTime() - lateSince > LATE_NANOS) {
        lateSince = 0;
        throw new LogUnreachableException("The NATS stream is not delivered up to its end");
      }
    } else {
      lateSince = 0;
    }
    touch();
  }

  private void see(long sequence, Message message) {
    lateSince = 0;
    if (isFence(message.getSubject())) {
      fenceOff(sequence, message);
      return;
    }
    StoredMessage stored;
    try {
      stored = StoredMessage.read(message.getData());
    } catch (IllegalArgumentException e) {
      foreign(sequence, e);
      return;
    }
    OpenBatch open = batch;
    if (open == null || !open.continuesWith(sequence, stored)) {
      // A batch whose beginning is not there is none, unless the stream begins in the middle of it.
      boolean begins = stored.place() == 0 || sequence == startOfStream;
      open = begins ? new OpenBatch(sequence, stored) : null;
    }
    batch = open;
    if (open != null) {
      open.add(sequence, stored);
      if (open.isWhole()) {
        batch = null;
        complete(open, sequence);
        settled(sequence, null);
        return;
      }
    }
    unsettled(sequence);
  }

  private void fenceOff(long sequence, Message message) {
    try {
      Fence seen = Fence.read(message.getData());
      batch = null;
      settled(sequence, seen);
    } catch (IllegalArgumentException e) {
      foreign(sequence, e);
    }
  }

  private void complete(OpenBatch open, long sequence) {
    try {
      OpenBatch.Whole whole = open.whole();
      for (int i = 0; i < whole.events().size(); i++) {
        if (whole.sequences().get(i) >= countFrom) {
          recent.add(whole.sequences().get(i), whole.events().get(i));
        }
      }
      index.add(whole.messages().stream().filter(it -> it.sequence() >= countFrom).toList());
      if (sequences.isEmpty()) {
        acceptedNanos = acceptedNanos(open.first());
      }
      sequences.addAll(whole.sequences());
      events.addAll(whole.events());
    } catch (IllegalArgumentException e) {
      foreign(sequence, e);
    }
  }

  /// Somebody else has published to the log's stream.
  private void foreign(long sequence, IllegalArgumentException reason) {
    log.warn("Sequence {} of the NATS stream holds no event: {}", sequence, reason.getMessage());
    End before = end();
    if (batch == null && before.settled() == sequence - 1) {
      settled(sequence, before.fence()); // it is of no batch
    } else {
      unsettled(sequence);
    }
  }

  private void show() {
    if (events.isEmpty()) {
      return;
    }
    Commit commit =
        new Commit(
            sequences.stream().mapToLong(Long::longValue).toArray(),
            events.toArray(EventRecord[]::new),
            acceptedNanos);
    sequences.clear();
    events.clear();
    followers.forEach(follower -> follower.accept(commit));
  }

  private void settled(long sequence, @Nullable Fence seen) {
    lock.lock();
    try {
      last = sequence;
      settled = sequence;
      fence = seen;
    } finally {
      lock.unlock();
    }
  }

  private void unsettled(long sequence) {
    lock.lock();
    try {
      last = sequence;
    } finally {
      lock.unlock();
    }
  }

  /// Notes that the cluster has answered, and wakes who waits for what has been seen.
  private void touch() {
    List<Waiting> done = new ArrayList<>();
    lock.lock();
    try {
      contactNanos = System.nanoTime();
      changed.signalAll();
      if (!waiting.isEmpty()) {
        waiting.removeIf(each -> each.seen().isDone());
        waiting.stream().filter(each -> each.sequence() <= settled).forEach(done::add);
      }
    } finally {
      lock.unlock();
    }
    done.forEach(each -> each.seen().complete(null));
  }

  private void failed(String reason) {
    lock.lock();
    try {
      trouble = reason;
    } finally {
      lock.unlock();
    }
    try {
      awaitBeyond(Long.MAX_VALUE - 1, PAUSE_NANOS); // or until it is closed
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
