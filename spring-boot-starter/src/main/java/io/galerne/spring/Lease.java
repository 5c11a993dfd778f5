package io.galerne.spring;

import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/// The lease on a consumer's name, which one instance at a time holds. For the consumer's thread.
///
/// The holder increments a number in the database. Another instance takes over once the number has
/// not changed for the whole lease, by its own clock. So clocks need not agree, and a crash is
/// detected after one lease, plus at most one beat.
///
/// The lease decides which instance works. It does not protect the data: a replaced instance cannot
/// commit, even if it has not noticed, because its successor has claimed the checkpoint.
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

  /// The result of an attempt to take the lease.
  sealed interface Found {
    /// This instance holds the lease now.
    record Taken(Term term) implements Found {}

    /// Another instance holds it.
    record Held() implements Found {}

    /// The consumer is paused.
    record Paused() implements Found {}
  }

  /// Takes the lease if it is free, or if its holder has not renewed it.
  ///
  /// @throws org.springframework.dao.DataAccessException if the database does not respond
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

  /// The period for which this instance holds the lease. Used by the consumer's thread and the
  /// renewing thread.
  final class Term {
    private final String holder;
    private volatile long endsAt;
    private volatile boolean over;

    private Term(String holder, long endsAt) {
      this.holder = holder;
      this.endsAt = endsAt;
    }

    /// Whether this instance may work: it holds the lease as far as it knows, and has renewed it in
    /// time. Once false, it stays false.
    boolean holds() {
      if (!over && nanoTime.getAsLong() - endsAt >= 0) {
        over = true;
      }
      return !over;
    }

    /// Renews the lease.
    ///
    /// @return whether the term holds
    /// @throws org.springframework.dao.DataAccessException if the database does not respond; the
    ///     term then lasts until the lease is over
    boolean renew() {
      long before = nanoTime.getAsLong();
      if (!table.renew(consumer, holder)) {
        over = true;
        return false;
      }
      endsAt = before + leaseNanos;
      return holds();
    }

    /// Ends the term on this instance, such as because the consumer was paused.
    void end() {
      over = true;
    }

    /// Releases the lease at once.
    void release() {
      over = true;
      table.release(consumer, holder);
    }
  }
}
