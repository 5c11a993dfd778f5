package io.galerne.client.checkpoint;

import io.galerne.client.stream.EventHandler;
import io.galerne.protocol.StreamEvent;
import java.lang.System.Logger.Level;
import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Handles each event and saves its checkpoint in one transaction: handling begins it, saving
/// commits it. For one thread.
final class EventTransaction<X extends Exception>
    implements EventHandler<X>, CheckpointStore.Claim {
  private static final System.Logger LOG = System.getLogger("io.galerne.client");

  private final JdbcCheckpointStore store;
  private final JdbcClaim claim;
  private final TransactionHandler<X> handler;
  private @Nullable Transaction open;

  EventTransaction(JdbcCheckpointStore store, JdbcClaim claim, TransactionHandler<X> handler) {
    this.store = store;
    this.claim = claim;
    this.handler = handler;
  }

  @Override
  public String consumer() {
    return claim.consumer();
  }

  @Override
  public Optional<Checkpoint> checkpoint() {
    return claim.checkpoint();
  }

  @Override
  public void handle(StreamEvent event) throws X {
    Transaction transaction = store.begin();
    open = transaction;
    try {
      handler.handle(transaction.connection(), event);
    } catch (SQLException e) {
      throw JdbcCheckpointStore.failed(
          "consumer '" + consumer() + "' could not handle sequence " + event.brokerSequence(), e);
    }
  }

  @Override
  public void save(Checkpoint checkpoint) {
    Transaction transaction = open;
    if (transaction == null) {
      throw new IllegalStateException("There is no transaction to save in");
    }
    claim.save(transaction.connection(), checkpoint);
    try {
      transaction.commit();
      open = null;
      transaction.close();
    } catch (SQLException e) {
      throw JdbcCheckpointStore.failed(
          "the transaction of '" + consumer() + "' cannot be committed", e);
    }
  }

  /// Rolls back an open transaction.
  @Override
  public void close() {
    Transaction transaction = open;
    open = null;
    try {
      if (transaction != null) {
        transaction.close();
      }
    } catch (SQLException e) {
      // The database rolls back on its own; the original failure is already known.
      LOG.log(Level.WARNING, "A transaction could not be rolled back", e);
    }
  }
}
