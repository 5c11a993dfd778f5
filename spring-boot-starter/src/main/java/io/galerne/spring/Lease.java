package io.galerne.spring;

import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/// This instance's way to a consumer's name, which one instance at a time has. For the consumer's
/// thread.
///
/// The instance that has the name counts up a number in the database. Another one takes over once it
/// has seen the number stand still for the whole lease, on its own clock. So clocks need not agree,
/// and a crash is noticed between one lease and one lease and a beat later.
///
/// The lease decides who works. It does not protect the data: an instance that was replaced without
/// noticing cannot commit, because its successor has claimed the checkpoint.
final class Lease {
  private final LeaseTable table;
  private final String consumer;
  private final long leaseNanos;
  private final LongSupplier nanoTime;

  private long seenRenewals = -1;
  private long seenAt;

  Lease(LeaseTable table, String consumer, Duration lease, LongSupplier nanoTime) {
    this.table = table;
    this.consumer = consumer;
    this.leaseNanos = lease.toNanos();
    this.nanoTime = nanoTime;
  }

  /// What a look at the name has found.
  sealed interface Found {
    /// This instance has the name now.
    record Taken(Term term) implements Found {}

    /// Another instance has it.
    record Held() implements Found {}

    /// Nobody may have it.
    record Paused() implements Found {}
  }

  /// Takes the name if nobody has it, or if whoever has it shows no sign of life.
  ///
  /// @throws org.springframework.dao.DataAccessException if the database does not answer
  Found tryTake() {
    LeaseTable.Row row = table.row(consumer);
    if (row.paused()) {
      return new Found.Paused();
    }
    if (row.holder() != null) {
      long now = nanoTime.getAsLong();
      if (row.renewals() != seenRenewals) {
        seenRenewals = row.renewals();
        seenAt = now;
      }
      if (now - seenAt < leaseNanos) {
        return new Found.Held();
      }
    }
    long before = nanoTime.getAsLong();
    Optional<String> holder = table.take(consumer, row);
    return holder.isPresent()
        ? new Found.Taken(new Term(holder.get(), before + leaseNanos))
        : new Found.Held();
  }

  /// The time for which this instance has the name. Used by the consumer's thread and by the one
  /// that renews it.
  final class Term {
    private final String holder;
    private volatile long endsAt;
    private volatile boolean over;

    private Term(String holder, long endsAt) {
      this.holder = holder;
      this.endsAt = endsAt;
    }

    /// Whether this instance may work: it has the name as far as it knows, and has given a sign of
    /// life within the lease. Once false, it stays false.
    boolean holds() {
      if (!over && nanoTime.getAsLong() - endsAt >= 0) {
        over = true;
      }
      return !over;
    }

    /// Gives a sign of life.
    ///
    /// @return whether it holds
    /// @throws org.springframework.dao.DataAccessException if the database does not answer; the term
    ///     then lasts until the lease is over
    boolean renew() {
      long before = nanoTime.getAsLong();
      if (!table.renew(consumer, holder)) {
        over = true;
        return false;
      }
      endsAt = before + leaseNanos;
      return holds();
    }

    /// Ends it on this instance, such as because the consumer was paused.
    void end() {
      over = true;
    }

    /// Leaves the name to others at once.
    void release() {
      over = true;
      table.release(consumer, holder);
    }
  }
}
