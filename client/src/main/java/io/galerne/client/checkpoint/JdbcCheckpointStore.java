package io.galerne.client.checkpoint;

import io.galerne.client.Checkpoint;
import io.galerne.client.CheckpointStore;
import io.galerne.client.Ending;
import io.galerne.client.Events;
import io.galerne.client.StreamEventsRequest;
import io.galerne.client.error.CheckpointException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import javax.sql.DataSource;

/// Keeps checkpoints in a table of a database, where the transaction that handles an event can save
/// its position too: both are committed, or neither. So the effects that handling has in that
/// database happen **exactly once**, whatever fails and whenever. [#consume] does just that:
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
/// With transactions of the caller's own, [#claim(Connection, String)] and
/// [JdbcClaim#save(Connection, Checkpoint)] do the same.
///
/// Of two consumers with one name, the one that started last continues, and the other one's next save
/// fails and takes its transaction with it. So a consumer that hangs, or is cut off, cannot stand in
/// the way of its successor, nor do anything twice.
///
/// Safe for use by several threads. For any database with `CREATE TABLE IF NOT EXISTS`, `BIGINT` and
/// `VARCHAR`; for others, make the table yourself.
public final class JdbcCheckpointStore implements CheckpointStore {
  /// The table's name, unless another one is given.
  public static final String DEFAULT_TABLE = "galerne_checkpoint";

  /// As long as a consumer's name may be.
  public static final int MAX_NAME_CHARS = 200;

  /// What needs no quotes, with a schema before it or without.
  private static final Pattern TABLE =
      Pattern.compile("[A-Za-z_][A-Za-z0-9_]*(\\.[A-Za-z_][A-Za-z0-9_]*)?");

  private final DataSource dataSource;
  private final CheckpointTable table;

  /// A store in the usual table.
  ///
  /// @param dataSource asked for a connection for every transaction: a pool is best
  public JdbcCheckpointStore(DataSource dataSource) {
    this(dataSource, DEFAULT_TABLE);
  }

  /// A store in a table of another name.
  ///
  /// @throws IllegalArgumentException where the name would need quotes
  public JdbcCheckpointStore(DataSource dataSource, String table) {
    if (!TABLE.matcher(table).matches()) {
      throw new IllegalArgumentException("'" + table + "' is not the plain name of a table");
    }
    this.dataSource = dataSource;
    this.table = new CheckpointTable(table);
  }

  /// Creates the table if it does not exist; any number of programs may do so at the same time:
  ///
  /// ```sql
  /// CREATE TABLE IF NOT EXISTS galerne_checkpoint (
  ///     consumer VARCHAR(200) NOT NULL PRIMARY KEY, -- the consumer's name
  ///     claimed_by VARCHAR(36) NOT NULL,            -- an id of the consumer that started last
  ///     log_id VARCHAR(200),                        -- null while it is not known
  ///     broker_sequence BIGINT)                     -- null while nothing was saved
  /// ```
  ///
  /// @throws CheckpointException if that fails
  public void createTable() {
    inTransactionDespiteOthers(
        "the table " + table.name() + " cannot be created",
        connection -> {
          table.create(connection);
          return true;
        });
  }

  /// Takes a consumer's checkpoint, in a transaction of its own. Whoever had it before has lost it.
  ///
  /// @param consumer at most [#MAX_NAME_CHARS] characters
  @Override
  public JdbcClaim claim(String consumer) {
    requireName(consumer);
    return inTransactionDespiteOthers(
        "the checkpoint of '" + consumer + "' cannot be claimed",
        connection -> claimed(connection, consumer));
  }

  /// Takes a consumer's checkpoint, in the caller's transaction: it holds from when the caller
  /// commits. Whoever had it before has lost it.
  ///
  /// @param consumer at most [#MAX_NAME_CHARS] characters
  /// @throws CheckpointException where that fails
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

  /// Forgets a consumer's checkpoint, in a transaction of its own. A consumer that has it is told
  /// when it saves next.
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
  /// [Events#consume(StreamEventsRequest, io.galerne.client.CheckpointStore, String,
  /// io.galerne.client.EventHandler)] does, but each within a transaction that also saves its
  /// checkpoint. Where the handler throws, where another consumer has taken the name, and where the
  /// process dies, the transaction leaves nothing behind. What the handler does elsewhere happens at
  /// least once.
  ///
  /// @return how the stream ended
  /// @throws X what the handler throws
  /// @throws CheckpointException where the database fails, where the handler throws a
  ///     `SQLException`, or where another consumer has taken the name
  /// @throws io.galerne.client.error.MistralException where the stream cannot be opened or go on
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

  /// As [#inTransaction], and again if others did the same at the same time.
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
      throw failed("a transaction cannot be begun", e);
    }
  }

  static CheckpointException failed(String what, SQLException e) {
    return new CheckpointException("Checkpoints: " + what + ": " + e.getMessage(), e);
  }
}
