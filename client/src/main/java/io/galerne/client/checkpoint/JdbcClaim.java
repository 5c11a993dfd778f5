package io.galerne.client.checkpoint;

import io.galerne.client.Checkpoint;
import io.galerne.client.CheckpointStore;
import io.galerne.client.error.CheckpointException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A consumer's checkpoint in a database, until another consumer of the name takes it. For one
/// thread at a time.
public final class JdbcClaim implements CheckpointStore.Claim {
  private final JdbcCheckpointStore store;
  private final CheckpointTable table;
  private final String consumer;
  private final String claimant;
  private final @Nullable Checkpoint found;

  JdbcClaim(
      JdbcCheckpointStore store,
      CheckpointTable table,
      String consumer,
      String claimant,
      Optional<Checkpoint> found) {
    this.store = store;
    this.table = table;
    this.consumer = consumer;
    this.claimant = claimant;
    this.found = found.orElse(null);
  }

  @Override
  public String consumer() {
    return consumer;
  }

  /// What was saved when it was claimed. What this saved since may have been rolled back; the
  /// database knows.
  @Override
  public Optional<Checkpoint> checkpoint() {
    return Optional.ofNullable(found);
  }

  /// Saves in a transaction of its own.
  @Override
  public void save(Checkpoint checkpoint) {
    store.inTransaction(
        "the checkpoint of '" + consumer + "' cannot be saved",
        connection -> {
          saveOn(connection, checkpoint);
          return true;
        });
  }

  /// Saves in the caller's transaction: it holds once the caller commits.
  ///
  /// @throws CheckpointException where it would go backwards or is of another log, where another
  ///     consumer has taken the name, and where the database fails: roll back, then
  public void save(Connection connection, Checkpoint checkpoint) {
    try {
      saveOn(connection, checkpoint);
    } catch (SQLException e) {
      throw JdbcCheckpointStore.failed("that of '" + consumer + "' cannot be saved", e);
    }
  }

  private void saveOn(Connection connection, Checkpoint checkpoint) throws SQLException {
    if (table.advance(connection, consumer, claimant, checkpoint)) {
      return;
    }
    CheckpointTable.Row row = table.row(connection, consumer).orElse(null);
    if (row != null && row.claimant().equals(claimant) && row.checkpoint().isPresent()) {
      Succession.of(consumer, row.checkpoint().get(), checkpoint);
    }
    throw new CheckpointException(
        row == null
            ? "The checkpoint of '" + consumer + "' has been deleted: start again to start over"
            : "Another consumer with the name '"
                + (consumer + "' has started and goes on from here; this one is too many")
                + ". Where both are wanted, give each a name of its own",
        null);
  }

  /// Nothing to give back: whoever claims the name next has it.
  @Override
  public void close() {}
}
