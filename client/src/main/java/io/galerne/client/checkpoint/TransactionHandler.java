package io.galerne.client.checkpoint;

import io.galerne.protocol.StreamEvent;
import java.sql.Connection;
import java.sql.SQLException;

/// Handles a consumer's events in the transaction that also saves its checkpoint.
///
/// @param <X> the exception that it may throw besides `SQLException`
@FunctionalInterface
public interface TransactionHandler<X extends Exception> {
  /// Handles an event. Changes made through the connection commit together with the checkpoint, or
  /// not at all.
  ///
  /// @param connection in a transaction; do not commit, roll back or close it
  void handle(Connection connection, StreamEvent event) throws SQLException, X;
}
