package io.galerne.server.log;

import io.galerne.server.log.runs.RunIndex;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/// The durable, ordered sequence of events of one deployment. Two engines implement it, and one
/// suite of tests, `EventLogContract`, holds both to these invariants:
///
/// - **Durable before visible.** No read, no follower and no answer shows an event that a crash
///   could still take away.
/// - **Sequences ascend and are never reused**, also after expiry, a crash or reopening. They start
///   at 1 and may leave gaps.
/// - **A read is ordered and inclusive**, and a reader that continues where the last read ended sees
///   every event that it asked for exactly once.
/// - **Bytes are kept**: an event is read as it was appended.
/// - **Appending is idempotent** by namespace and `event_id`, for the time in which the log
///   recognises repeats: a repeat gets the sequence of the first and is not stored again.
///
/// Safe for use by several threads.
public interface EventLog extends AutoCloseable {
  /// Appends events, in order, all or none, and completes once they are durable.
  ///
  /// @return the sequence of each event; fails with [LogUnavailableException] if the log cannot
  ///     take them now. After a failure an event may or may not be stored: appending it again
  ///     settles it. Completes on a thread of the log, which must not be kept.
  CompletableFuture<long[]> append(List<EventRecord> events);

  /// Reads events that match, in ascending order, from `from` (inclusive) to the head as it is
  /// now, until the visitor ends it. Blocks; may end by itself before the head, so that a search
  /// for little does not keep its thread for long.
  ///
  /// @return where to continue: every matching event below it has been taken. Beyond the head of
  ///     [#range()] if nothing is left.
  /// @throws LogUnavailableException if the store cannot be read, or this process has not caught up with
  ///     the log yet
  /// @throws ExpiredException if events from `from` on have expired; see [LogRange#oldest()]
  long read(EventFilter filter, long from, EventVisitor visitor);

  /// As [#read], but if events from `from` on have expired, it begins with the oldest that is
  /// retained.
  ///
  /// @throws LogUnavailableException as [#read] does
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

  /// The runs that the retained events tell of.
  ///
  /// @throws LogUnavailableException if this process has not caught up with the log yet
  RunIndex runs();

  /// What the log holds now. Does not block.
  LogRange range();

  /// What the log holds, for a reader who has seen this sequence. If several processes share the log,
  /// this one may be behind: it then waits until it has caught up, for a second at most.
  ///
  /// @return fails with [LogUnreachableException] while this process has not caught up with the log for
  ///     the first time, so that nobody is answered with half of it
  default CompletableFuture<LogRange> rangeAt(long sequence) {
    return CompletableFuture.completedFuture(range());
  }

  /// Figures for operators. Cheap enough to ask every few seconds.
  LogStats stats();

  /// Names the engine, as a label of metrics: one word in lower case.
  String engine();

  /// How far this process is, if several share the log; empty if the log is its own. Does not block.
  default Optional<StreamProgress> progress() {
    return Optional.empty();
  }

  /// Names this log. Another log, or the same one put back from a backup, has another id, so that
  /// a reader can tell that its position means nothing here.
  String id();

  /// Whether events can be appended now; otherwise why not.
  Health health();

  /// Hands every later commit to the follower, in order, once it is durable. To be called before the
  /// first append by this process. A follower runs on the thread that commits, so it must be quick
  /// and not throw.
  ///
  /// @return the head from which on the follower is handed every commit: others may append to the
  ///     same log all the while
  long follow(Consumer<Commit> follower);

  /// Ends taking events, makes durable what was taken, and frees everything. Idempotent.
  @Override
  void close();
}
