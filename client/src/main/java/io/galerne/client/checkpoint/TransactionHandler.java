package io.galerne.client.checkpoint;

import io.galerne.protocol.StreamEvent;
import java.sql.Connection;
import java.sql.SQLException;

/// What a consumer does with each event within the transaction that also saves its checkpoint.
///
/// @param <X> what it may throw beside what the database throws
@FunctionalInterface
public interface TransactionHandler<X extends Exception> {
  /// Handles an event. What is done over the connection is committed together with the checkpoint,
  /// or not at all.
  ///
  /// @param connection within a transaction; not to be committed, rolled back or closed here
  void handle(Connection connection, StreamEvent event) throws SQLException, X;
}
