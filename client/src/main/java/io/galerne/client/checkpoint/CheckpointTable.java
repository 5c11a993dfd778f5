package io.galerne.client.checkpoint;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.sql.Types;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The SQL of the checkpoint table. Neither starts nor ends transactions.
final class CheckpointTable {
  /// A conflict with one other claim needs two attempts; nobody starts ten consumers of a name at
  /// once.
  static final int MAX_ATTEMPTS = 10;

  // SQLSTATE classes and values.
  private static final String CONSTRAINT_VIOLATION = "23";
  private static final String TRANSACTION_ROLLBACK = "40";
  private static final Set<String> DUPLICATES =
      Set.of(
          "42P07", // PostgreSQL: duplicate table
          "42710", // PostgreSQL: duplicate object, such as the table's type
          "42S01", // H2, MySQL: table exists
          "X0Y32", // Derby: table exists
          "XX000"); // PostgreSQL: tuple concurrently updated

  private final String name;

  CheckpointTable(String name) {
    this.name = name;
  }

  /// The row of a consumer.
  ///
  /// @param claimant the id of the consumer that claimed last
  /// @param logId null while unknown
  /// @param sequence null until something is saved
  record Row(String claimant, @Nullable String logId, @Nullable Long sequence) {
    Optional<Checkpoint> checkpoint() {
      return Optional.ofNullable(sequence)
          .map(known -> new Checkpoint(logId == null ? "" : logId, known));
    }
  }

  String name() {
    return name;
  }

  void create(Connection connection) throws SQLException {
    try (Statement create = connection.createStatement()) {
      create.execute(
          "CREATE TABLE IF NOT EXISTS "
              + name
              + " (consumer VARCHAR(200) NOT NULL PRIMARY KEY, claimed_by VARCHAR(36) NOT NULL,"
              + " log_id VARCHAR(200), broker_sequence BIGINT)");
    }
  }

  /// Gives the claim to this claimant. If others claim the same name for the first time
  /// concurrently, the last one wins.
  void claim(Connection connection, String consumer, String claimant) throws SQLException {
    for (int attempt = 1; !takeOver(connection, claimant, consumer); attempt++) {
      try {
        insert(connection, claimant, consumer);
        return;
      } catch (SQLException e) {
        if (!isConflict(e) || attempt == MAX_ATTEMPTS) {
          throw e;
        }
        // another claimant has inserted the row meanwhile
      }
    }
  }

  private boolean takeOver(Connection connection, String claimant, String consumer)
      throws SQLException {
    String sql = "UPDATE " + name + " SET claimed_by = ? WHERE consumer = ?";
    return update(connection, sql, claimant, consumer);
  }

  /// Inserts behind a savepoint, because PostgreSQL refuses all further statements of a transaction
  /// after a failed one.
  private void insert(Connection connection, String claimant, String consumer) throws SQLException {
    String sql = "INSERT INTO " + name + " (claimed_by, consumer) VALUES (?, ?)";
    if (connection.getAutoCommit() || !connection.getMetaData().supportsSavepoints()) {
      update(connection, sql, claimant, consumer);
      return;
    }
    Savepoint before = connection.setSavepoint();
    try {
      update(connection, sql, claimant, consumer);
    } catch (SQLException e) {
      connection.rollback(before);
      throw e;
    }
    connection.releaseSavepoint(before);
  }

  /// Whether a statement failed because of a concurrent one, so that a retry may succeed.
  /// PostgreSQL reports this in many ways, three of them for a table that is created twice.
  static boolean isConflict(SQLException e) {
    String state = String.valueOf(e.getSQLState());
    return state.startsWith(CONSTRAINT_VIOLATION)
        || state.startsWith(TRANSACTION_ROLLBACK)
        || DUPLICATES.contains(state);
  }

  Optional<Row> row(Connection connection, String consumer) throws SQLException {
    String sql = "SELECT claimed_by, log_id, broker_sequence FROM " + name + " WHERE consumer = ?";
    try (PreparedStatement select = connection.prepareStatement(sql)) {
      select.setString(1, consumer);
      try (ResultSet rows = select.executeQuery()) {
        if (!rows.next()) {
          return Optional.empty();
        }
        long number = rows.getLong(3);
        Long sequence = rows.wasNull() ? null : number;
        return Optional.of(new Row(rows.getString(1), rows.getString(2), sequence));
      }
    }
  }

  /// Advances a checkpoint if the claimant still holds it and the new one is of the same log and
  /// not before the old one. One statement checks and updates, so it is atomic.
  ///
  /// @return whether the checkpoint was advanced
  boolean advance(Connection connection, String consumer, String claimant, Checkpoint next)
      throws SQLException {
    String sql =
        "UPDATE "
            + name
            + " SET broker_sequence = ?, log_id = COALESCE(?, log_id)"
            + " WHERE consumer = ? AND claimed_by = ?"
            + " AND (broker_sequence IS NULL OR broker_sequence <= ?)"
            + " AND (log_id IS NULL OR log_id = COALESCE(?, log_id))";
    try (PreparedStatement update = connection.prepareStatement(sql)) {
      update.setLong(1, next.sequence());
      setLogId(update, 2, next);
      update.setString(3, consumer);
      update.setString(4, claimant);
      update.setLong(5, next.sequence());
      setLogId(update, 6, next);
      return update.executeUpdate() == 1;
    }
  }

  private static void setLogId(PreparedStatement update, int index, Checkpoint checkpoint)
      throws SQLException {
    if (checkpoint.logId().isEmpty()) {
      update.setNull(index, Types.VARCHAR);
    } else {
      update.setString(index, checkpoint.logId());
    }
  }

  void delete(Connection connection, String consumer) throws SQLException {
    update(connection, "DELETE FROM " + name + " WHERE consumer = ?", consumer);
  }

  private static boolean update(Connection connection, String sql, String... values)
      throws SQLException {
    try (PreparedStatement update = connection.prepareStatement(sql)) {
      for (int i = 0; i < values.length; i++) {
        update.setString(i + 1, values[i]);
      }
      return update.executeUpdate() > 0;
    }
  }
}
