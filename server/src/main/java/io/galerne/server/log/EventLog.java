package io.galerne.server.log;

import io.galerne.server.log.runs.RunIndex;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/// The durable, ordered sequence of events of one deployment. Two engines implement it, and one
/// suite of tests, `EventLogContract`, holds both to these invariants:
///
/// - **Durable before visible.** No read, follower or answer shows an event that a crash could
///   still lose.
/// - **Sequences ascend and are never reused**, also after expiry, a crash or reopening. They start
///   at 1 and may leave gaps.
/// - **A read is ordered and inclusive**: a reader that continues where the last read ended sees
///   every matching event exactly once.
/// - **Bytes are kept**: an event is read as it was appended.
/// - **Appending is idempotent** by namespace and `event_id`, within the log's deduplication
///   window: a repeat gets the sequence of the first and is not stored again.
///
/// Safe for use by several threads.
public interface EventLog extends AutoCloseable {
  /// Appends events, in order, all or none, and completes when they are durable.
  ///
  /// @return the sequence of each event; fails with [LogUnavailableException] if the log cannot
  ///     take them now. After a failure an event may or may not be stored; it is safe to append it
  ///     again. Completes on a thread of the log: do not block it.
  CompletableFuture<long[]> append(List<EventRecord> events);

  /// Reads matching events, in ascending order, from `from` (inclusive) to the current head, until
  /// the visitor stops it. Blocks; may return before the head, so that a search with few matches
  /// does not hold its thread for long.
  ///
  /// @return the sequence to continue from: every matching event below it has been taken. Beyond
  ///     the head of [#range()] if nothing is left.
  /// @throws LogUnavailableException if the store cannot be read, or this process has not caught up
  ///     with the log yet
  /// @throws ExpiredException if `from` is below [LogRange#oldest()]
  long read(EventFilter filter, long from, EventVisitor visitor);

  /// Like [#read], but starts at the oldest retained event if `from` has expired.
  ///
  /// @throws LogUnavailableException like [#read]
  default long readRetained(EventFilter filter, long from, EventVisitor visitor) {
    long next = from;
    while (true) {
      try {
        return read(filter, next, visitor);
      } catch (ExpiredException e) {
        next = e.oldest(); // nothing has been visited
      }
    }
  }

  /// The index of runs, derived from the retained events.
  ///
  /// @throws LogUnavailableException if this process has not caught up with the log yet
  RunIndex runs();

  /// The current range of retained sequences. Does not block.
  LogRange range();

  /// The range, for a reader that has seen this sequence. If several processes share the log and
  /// this one lags, it completes when this one has caught up, after a second at most.
  ///
  /// @return fails with [LogUnreachableException] until this process has caught up with the log for
  ///     the first time, so that no answer is based on part of it
  default CompletableFuture<LogRange> rangeAt(long sequence) {
    return CompletableFuture.completedFuture(range());
  }

  /// Figures for operators. Cheap enough to poll every few seconds.
  LogStats stats();

  /// The engine's name, used as a metrics label: one lower-case word.
  String engine();

  /// This process's progress if several share the log; empty if the log is its own. Does not block.
  default Optional<StreamProgress> progress() {
    return Optional.empty();
  }

  /// The id of this log. Another log, or the same one restored from a backup, has a different id,
  /// so that a reader can detect that its position is invalid here.
  String id();

  /// Whether events can be appended now and, if not, why.
  Health health();

  /// Passes every later commit to the follower, in order, once it is durable. Call it before this
  /// process's first append. The follower runs on the committing thread: it must be quick and must
  /// not throw.
  ///
  /// @return the current head: the follower gets every commit after it. Other processes may append
  ///     to the same log meanwhile
  long follow(Consumer<Commit> follower);

  /// Stops accepting events, commits those already accepted and frees all resources. Idempotent.
  @Override
  void close();
}
