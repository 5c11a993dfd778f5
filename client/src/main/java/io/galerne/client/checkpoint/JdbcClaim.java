package io.galerne.client.checkpoint;

import io.galerne.client.error.CheckpointException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A claim on a consumer's checkpoint in a database; ends if another consumer claims the name. For
/// one thread at a time.
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

  /// The checkpoint at the time of the claim. Later saves are not included, because they may be
  /// rolled back.
  @Override
  public Optional<Checkpoint> checkpoint() {
    return Optional.ofNullable(found);
  }

  /// Saves in a separate transaction.
  @Override
  public void save(Checkpoint checkpoint) {
    store.inTransaction(
        "the checkpoint of '" + consumer + "' cannot be saved",
        connection -> {
          saveOn(connection, checkpoint);
          return true;
        });
  }

  /// Saves in the caller's transaction; takes effect when the caller commits.
  ///
  /// @throws CheckpointException if the position would go backwards or is of another log, another
  ///     consumer has claimed the name, or the database fails; then roll back
  public void save(Connection connection, Checkpoint checkpoint) {
    try {
      saveOn(connection, checkpoint);
    } catch (SQLException e) {
      throw JdbcCheckpointStore.failed("the checkpoint of '" + consumer + "' cannot be saved", e);
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
            ? "The checkpoint of '"
                + consumer
                + "' has been deleted: restart the consumer to start over"
            : "Another consumer with the name '"
                + (consumer + "' has claimed its checkpoint; this one must stop")
                + ". To run both, give each its own name",
        null);
  }

  /// Releases nothing: the next claim of the name takes it over.
  @Override
  public void close() {}
}
