package io.galerne.client.checkpoint;

import io.galerne.client.Events;
import io.galerne.client.error.CheckpointException;
import io.galerne.client.stream.Ending;
import io.galerne.client.stream.StreamEventsRequest;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import javax.sql.DataSource;

/// Stores checkpoints in a database table, so that the transaction that handles an event can also
/// save its position: both commit, or neither does. So the handler's effects in that database
/// happen **exactly once**, whatever fails. [#consume] does this:
///
/// ```java
/// JdbcCheckpointStore store = new JdbcCheckpointStore(dataSource);
/// store.createTable();
/// store.consume(mistral.events(), request, "billing", (connection, event) -> {
///   try (PreparedStatement insert = connection.prepareStatement("INSERT INTO invoice VALUES (?)")) {
///     insert.setString(1, event.data().workflowExecId());
///     insert.executeUpdate();
///   }
/// });
/// ```
///
/// With your own transactions, use [#claim(Connection, String)] and
/// [JdbcClaim#save(Connection, Checkpoint)].
///
/// If two consumers have the same name, the one that started last continues; the other one's next
/// save fails and rolls back its transaction. So a consumer that hangs or loses its network can
/// neither block its successor nor repeat its work.
///
/// Thread-safe. Works with any database that has `CREATE TABLE IF NOT EXISTS`, `BIGINT` and
/// `VARCHAR`; for others, create the table yourself.
public final class JdbcCheckpointStore implements CheckpointStore {
  /// The default table name.
  public static final String DEFAULT_TABLE = "galerne_checkpoint";

  /// The maximum length of a consumer's name, in characters.
  public static final int MAX_NAME_CHARS = 200;

  /// A name that needs no quotes, optionally with a schema.
  private static final Pattern TABLE =
      Pattern.compile("[A-Za-z_][A-Za-z0-9_]*(\\.[A-Za-z_][A-Za-z0-9_]*)?");

  private final DataSource dataSource;
  private final CheckpointTable table;

  /// A store in the table [#DEFAULT_TABLE].
  ///
  /// @param dataSource provides a connection for every transaction; best a pool
  public JdbcCheckpointStore(DataSource dataSource) {
    this(dataSource, DEFAULT_TABLE);
  }

  /// A store in a table with another name.
  ///
  /// @throws IllegalArgumentException if the name would need quotes
  public JdbcCheckpointStore(DataSource dataSource, String table) {
    if (!TABLE.matcher(table).matches()) {
      throw new IllegalArgumentException("The table name '" + table + "' would need quotes");
    }
    this.dataSource = dataSource;
    this.table = new CheckpointTable(table);
  }

  /// Creates the table if it does not exist; safe to call concurrently from any number of programs:
  ///
  /// ```sql
  /// CREATE TABLE IF NOT EXISTS galerne_checkpoint (
  ///     consumer VARCHAR(200) NOT NULL PRIMARY KEY, -- the consumer's name
  ///     claimed_by VARCHAR(36) NOT NULL,            -- an id of the consumer that started last
  ///     log_id VARCHAR(200),                        -- null while it is not known
  ///     broker_sequence BIGINT)                     -- null while nothing was saved
  /// ```
  ///
  /// @throws CheckpointException if the database fails
  public void createTable() {
    inTransactionDespiteOthers(
        "the table " + table.name() + " cannot be created",
        connection -> {
          table.create(connection);
          return true;
        });
  }

  /// Claims a consumer's checkpoint in a separate transaction. The previous holder loses it.
  ///
  /// @param consumer at most [#MAX_NAME_CHARS] characters
  @Override
  public JdbcClaim claim(String consumer) {
    requireName(consumer);
    return inTransactionDespiteOthers(
        "the checkpoint of '" + consumer + "' cannot be claimed",
        connection -> claimed(connection, consumer));
  }

  /// Claims a consumer's checkpoint in the caller's transaction: the claim takes effect when the
  /// caller commits. The previous holder loses it.
  ///
  /// @param consumer at most [#MAX_NAME_CHARS] characters
  /// @throws CheckpointException if the database fails
  public JdbcClaim claim(Connection connection, String consumer) {
    requireName(consumer);
    try {
      return claimed(connection, consumer);
    } catch (SQLException e) {
      throw failed("the checkpoint of '" + consumer + "' cannot be claimed", e);
    }
  }

  private JdbcClaim claimed(Connection connection, String consumer) throws SQLException {
    String claimant = UUID.randomUUID().toString();
    table.claim(connection, consumer, claimant);
    Optional<Checkpoint> saved = table.row(connection, consumer).flatMap(row -> row.checkpoint());
    return new JdbcClaim(this, table, consumer, claimant, saved);
  }

  private static void requireName(String consumer) {
    if (consumer.isEmpty() || consumer.length() > MAX_NAME_CHARS) {
      throw new IllegalArgumentException(
          "A consumer's name has 1 to "
              + MAX_NAME_CHARS
              + " characters, but this is '"
              + consumer
              + "'");
    }
  }

  /// Deletes a consumer's checkpoint in a separate transaction. If a consumer holds it, that
  /// consumer's next save fails.
  @Override
  public void delete(String consumer) {
    inTransaction(
        "the checkpoint of '" + consumer + "' cannot be deleted",
        connection -> {
          table.delete(connection, consumer);
          return true;
        });
  }

  /// Handles events as
  /// [Events.consume][io.galerne.client.Events#consume]
  /// does, but each in a transaction that also saves its checkpoint. If the handler throws, another
  /// consumer claims the name, or the process dies, the transaction rolls back. The handler's
  /// effects outside the database happen at least once.
  ///
  /// @return how the stream ended
  /// @throws X if the handler throws it
  /// @throws CheckpointException if the database fails, the handler throws a `SQLException`, or
  ///     another consumer has claimed the name
  /// @throws io.galerne.client.error.MistralException if the stream cannot be opened or cannot
  ///     continue
  public <X extends Exception> Ending consume(
      Events events, StreamEventsRequest request, String consumer, TransactionHandler<X> handler)
      throws X {
    try (EventTransaction<X> transaction = new EventTransaction<>(this, claim(consumer), handler)) {
      return events.consume(request, transaction, transaction);
    }
  }

  interface Work<T> {
    T run(Connection connection) throws SQLException;
  }

  <T> T inTransaction(String failure, Work<T> work) {
    try (Transaction transaction = Transaction.begin(dataSource)) {
      T result = work.run(transaction.connection());
      transaction.commit();
      return result;
    } catch (SQLException e) {
      throw failed(failure, e);
    }
  }

  /// As [#inTransaction], but retries after conflicts with concurrent transactions.
  private <T> T inTransactionDespiteOthers(String failure, Work<T> work) {
    for (int attempt = 1; ; attempt++) {
      try {
        return inTransaction(failure, work);
      } catch (CheckpointException e) {
        boolean conflict =
            e.getCause() instanceof SQLException cause && CheckpointTable.isConflict(cause);
        if (!conflict || attempt == CheckpointTable.MAX_ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  Transaction begin() {
    try {
      return Transaction.begin(dataSource);
    } catch (SQLException e) {
      throw failed("a transaction cannot be started", e);
    }
  }

  static CheckpointException failed(String what, SQLException e) {
    return new CheckpointException("Checkpoints: " + what + ": " + e.getMessage(), e);
  }
}
