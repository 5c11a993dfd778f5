package io.galerne.client.checkpoint;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/// A transaction with its own connection. Closing it rolls back uncommitted changes.
final class Transaction implements AutoCloseable {
  private final Connection connection;
  private final boolean autoCommit;
  private boolean open = true;

  private Transaction(Connection connection, boolean autoCommit) {
    this.connection = connection;
    this.autoCommit = autoCommit;
  }

  static Transaction begin(DataSource dataSource) throws SQLException {
    Connection connection = dataSource.getConnection();
    try {
      boolean autoCommit = connection.getAutoCommit();
      connection.setAutoCommit(false);
      return new Transaction(connection, autoCommit);
    } catch (SQLException | RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  Connection connection() {
    return connection;
  }

  void commit() throws SQLException {
    connection.commit();
    open = false;
  }

  @Override
  public void close() throws SQLException {
    try (connection) {
      if (open) {
        connection.rollback();
      }
      connection.setAutoCommit(autoCommit); // as the pool provided it
    }
  }
}
