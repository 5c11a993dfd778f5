package io.galerne.jetstream;

import io.galerne.server.log.Health;
import io.galerne.server.log.StreamProgress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/// How far this node has followed the stream, who waits for it, and whether events can be appended.
/// Safe for use by several threads: [Follower] updates it, any thread reads it.
final class Progress {
  /// How long the cluster may be unreachable before the node reports it. Electing a new leader
  /// takes seconds, which need no report.
  private static final long AWAY_NANOS = TimeUnit.SECONDS.toNanos(6);

  /// How long a reader waits that is ahead of this node, which is usually only a moment behind.
  private static final long MOST_WAITED_MILLIS = 1000;

  private End end = new End(0, false, 0, 0);

  /// Every event up to this sequence has been applied.
  private long head;

  private boolean caughtUp;

  /// The position up to which everything must be applied before the node serves clients.
  private long target;

  /// The last known position of the stream.
  private long streamHead;

  /// The number of lost connections when the stream was last verified to be the same.
  private int losses = -1;

  private long contactNanos = System.nanoTime();
  private String trouble = "The NATS cluster does not answer";

  /// Why the view cannot be written now; empty if it can.
  private String viewTrouble = "";

  /// Why following and publishing have stopped; empty while they run.
  private String ended = "";

  private final List<Waiting> waiting = new ArrayList<>();
  private boolean closed;

  /// A waiter for this sequence to be applied.
  private record Waiting(long sequence, CompletableFuture<Void> applied) {}

  /// The end of the stream, as this node knows it.
  ///
  /// @param last the last position; every commit up to it has been applied
  /// @param isOpen whether the last message is of an incomplete commit
  /// @param writer the writer of that commit
  /// @param sinceNanos when that message arrived
  record End(long last, boolean isOpen, long writer, long sinceNanos) {}

  synchronized End end() {
    return end;
  }

  /// Sets where the node starts.
  synchronized void begin(long position, long head) {
    this.end = new End(position, false, 0, 0);
    this.head = head;
  }

  /// Records that everything up to a position was applied, and wakes the waiters.
  void applied(End now, long newHead) {
    advance(now, newHead).forEach(each -> each.applied().complete(null));
  }

  private synchronized List<Waiting> advance(End now, long newHead) {
    end = now;
    head = newHead;
    notifyAll();
    if (waiting.isEmpty()) {
      return List.of();
    }
    waiting.removeIf(each -> each.applied().isDone());
    return waiting.stream().filter(each -> each.sequence() <= head).toList();
  }

  /// Waits until something beyond this position has been applied, or skipped.
  ///
  /// @return whether it was
  synchronized boolean awaitBeyond(long position, long timeoutNanos) throws InterruptedException {
    await(() -> end.last() > position, timeoutNanos);
    return end.last() > position;
  }

  private synchronized void await(BooleanSupplier condition, long timeoutNanos)
      throws InterruptedException {
    long deadline = System.nanoTime() + timeoutNanos;
    long left = timeoutNanos;
    while (!condition.getAsBoolean() && !closed && left > 0) {
      TimeUnit.NANOSECONDS.timedWait(this, left);
      left = deadline - System.nanoTime();
    }
  }

  /// Waits until this object is closed.
  void awaitClosed(long timeoutNanos) throws InterruptedException {
    awaitBeyond(Long.MAX_VALUE - 1, timeoutNanos);
  }

  /// Completes when every event up to this sequence has been applied, or after a second; at once if
  /// following has stopped.
  synchronized CompletableFuture<Void> reached(long sequence) {
    if (head >= sequence || !ended.isEmpty()) {
      return CompletableFuture.completedFuture(null);
    }
    CompletableFuture<Void> applied = new CompletableFuture<>();
    waiting.add(new Waiting(sequence, applied));
    return applied.completeOnTimeout(null, MOST_WAITED_MILLIS, TimeUnit.MILLISECONDS);
  }

  /// Sets the position that the node must reach before it serves clients.
  synchronized void catchUpTo(long position) {
    target = position;
    streamReaches(position);
  }

  /// Records a position that the stream holds.
  synchronized void streamReaches(long position) {
    streamHead = Math.max(streamHead, position);
  }

  /// Returns how far the node has followed the stream.
  synchronized StreamProgress stream() {
    return new StreamProgress(end.last(), Math.max(streamHead, end.last()));
  }

  synchronized void caughtUp() {
    caughtUp = true;
    notifyAll();
  }

  synchronized boolean hasCaughtUp() {
    return caughtUp;
  }

  /// Waits until the node has caught up, or never will.
  synchronized void awaitCaughtUp(long timeoutNanos) throws InterruptedException {
    await(() -> caughtUp || !ended.isEmpty(), timeoutNanos);
  }

  /// Describes how far the node has caught up.
  synchronized String describe() {
    return "%d of %d messages of the NATS stream are applied".formatted(end.last(), target);
  }

  /// Records that the stream is the same as before over this connection.
  ///
  /// @param lossesBefore the number of lost connections before this one
  synchronized void following(int lossesBefore) {
    losses = lossesBefore;
  }

  /// Returns whether the stream is followed over this connection.
  synchronized boolean isFollowing(int lossesBefore) {
    return losses == lossesBefore;
  }

  /// Records that the cluster has answered.
  synchronized void contact() {
    contactNanos = System.nanoTime();
  }

  /// Returns the time since the cluster's last answer.
  synchronized long silenceNanos() {
    return System.nanoTime() - contactNanos;
  }

  /// Records why the stream cannot be followed now.
  synchronized void failed(String reason) {
    trouble = reason;
    waiting.removeIf(each -> each.applied().isDone());
  }

  /// Records whether the node's view can be written.
  ///
  /// @param reason why it cannot; empty if it can
  synchronized void viewTrouble(String reason) {
    viewTrouble = reason;
  }

  /// Records why following and publishing have stopped until the node is started again.
  synchronized void end(String reason) {
    ended = ended.isEmpty() ? reason : ended;
    notifyAll();
  }

  /// Returns why following and publishing have stopped; empty while they run.
  synchronized String ended() {
    return ended;
  }

  /// Returns whether events can be appended now.
  synchronized Health health() {
    String problem =
        !ended.isEmpty()
            ? ended
            : System.nanoTime() - contactNanos > AWAY_NANOS ? trouble : viewTrouble;
    if (problem.isEmpty() && !caughtUp) {
      problem = "This node is catching up: " + describe();
    }
    return problem.isEmpty() ? Health.READY : new Health(false, problem);
  }

  /// Ends all waiting.
  synchronized void close() {
    closed = true;
    notifyAll();
  }

  synchronized boolean isClosed() {
    return closed;
  }
}
