package io.galerne.spring;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionTemplate;

/// The SQL of the lease table: which instance holds which consumer's name. Each call is a separate
/// transaction. Compares no clocks: the holder increments a number, and others watch whether it
/// changes.
final class LeaseTable {
  static final String NAME = "galerne_lease";

  private final JdbcTemplate jdbc;
  private final TransactionTemplate transactions;

  LeaseTable(JdbcTemplate jdbc, TransactionTemplate transactions) {
    this.jdbc = jdbc;
    this.transactions = transactions;
  }

  /// The row of a consumer.
  ///
  /// @param holder the id of the holder's term; null if nobody holds the lease
  /// @param renewals incremented with each renewal
  record Row(@Nullable String holder, long renewals, boolean paused) {}

  void create() {
    update(
        "CREATE TABLE IF NOT EXISTS "
            + NAME
            + " (consumer VARCHAR(200) NOT NULL PRIMARY KEY, holder VARCHAR(36),"
            + " renewals BIGINT NOT NULL, paused BOOLEAN NOT NULL)");
  }

  Row row(String consumer) {
    Optional<Row> found = find(consumer);
    if (found.isPresent()) {
      return found.get();
    }
    insert(consumer, false);
    return find(consumer).orElseThrow();
  }

  private Optional<Row> find(String consumer) {
    List<Row> rows =
        inTransaction(() ->
            jdbc.query(
                "SELECT holder, renewals, paused FROM " + NAME + " WHERE consumer = ?",
                (row, number) -> new Row(row.getString(1), row.getLong(2), row.getBoolean(3)),
                consumer));
    return rows.stream().findFirst();
  }

  private void insert(String consumer, boolean paused) {
    try {
      update(
          "INSERT INTO " + NAME + " (consumer, renewals, paused) VALUES (?, 0, ?)",
          consumer,
          paused);
    } catch (DuplicateKeyException e) {
      // Another instance was first.
    }
  }

  /// Takes a lease if its row has not changed since it was read.
  ///
  /// @return the id of the new term; empty if the row has changed
  Optional<String> take(String consumer, Row read) {
    String holder = UUID.randomUUID().toString();
    boolean taken =
        update(
            "UPDATE "
                + NAME
                + " SET holder = ?, renewals = renewals + 1"
                + " WHERE consumer = ? AND renewals = ? AND paused = FALSE",
            holder,
            consumer,
            read.renewals());
    return taken ? Optional.of(holder) : Optional.empty();
  }

  /// Renews a lease.
  ///
  /// @return whether the term continues: the lease was neither taken nor paused
  boolean renew(String consumer, String holder) {
    return update(
        "UPDATE "
            + NAME
            + " SET renewals = renewals + 1 WHERE consumer = ? AND holder = ? AND paused = FALSE",
        consumer,
        holder);
  }

  /// Releases a lease if the term still holds it.
  void release(String consumer, String holder) {
    update(
        "UPDATE "
            + NAME
            + " SET holder = NULL, renewals = renewals + 1 WHERE consumer = ? AND holder = ?",
        consumer,
        holder);
  }

  void pause(String consumer, boolean paused) {
    if (!setPaused(consumer, paused)) {
      insert(consumer, paused);
      setPaused(consumer, paused);
    }
  }

  private boolean setPaused(String consumer, boolean paused) {
    return update("UPDATE " + NAME + " SET paused = ? WHERE consumer = ?", paused, consumer);
  }

  private boolean update(String sql, Object... values) {
    return inTransaction(() -> jdbc.update(sql, values)) > 0;
  }

  private interface Work<T> {
    T run();
  }

  private <T> T inTransaction(Work<T> work) {
    return requireNonNull(transactions.execute(status -> work.run()));
  }
}
