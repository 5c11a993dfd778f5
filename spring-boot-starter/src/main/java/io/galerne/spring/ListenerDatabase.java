package io.galerne.spring;

import io.galerne.client.checkpoint.Checkpoint;
import io.galerne.client.checkpoint.JdbcCheckpointStore;
import io.galerne.client.checkpoint.JdbcClaim;
import io.galerne.client.error.CheckpointException;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/// The application's database: the transactions of events, which also save the consumers'
/// positions, and the lease table. Thread-safe.
public final class ListenerDatabase {
  private final DataSource dataSource;
  private final JdbcTemplate jdbc;
  private final TransactionTemplate transactions;
  private final JdbcCheckpointStore checkpoints;
  private final LeaseTable leases;
  private final boolean createTables;

  private volatile boolean tablesExist; // as far as known

  /// Creates an instance; does not connect yet.
  ///
  /// @param transactionManager must manage transactions of the data source
  /// @param createTables whether to create missing tables
  public ListenerDatabase(
      DataSource dataSource, PlatformTransactionManager transactionManager, boolean createTables) {
    this.dataSource = dataSource;
    this.jdbc = new JdbcTemplate(dataSource);
    this.transactions = new TransactionTemplate(transactionManager);
    this.checkpoints = new JdbcCheckpointStore(dataSource);
    this.leases = new LeaseTable(jdbc, transactions);
    this.createTables = createTables;
  }

  LeaseTable leases() {
    return leases;
  }

  /// Creates missing tables if that is enabled. If the tables exist, the database user needs no
  /// right to create tables.
  void createTables() {
    if (!createTables || tablesExist) {
      return;
    }
    if (!exists(LeaseTable.NAME)) {
      create(LeaseTable.NAME, leases::create);
    }
    if (!exists(JdbcCheckpointStore.DEFAULT_TABLE)) {
      create(JdbcCheckpointStore.DEFAULT_TABLE, checkpoints::createTable);
    }
    tablesExist = true;
  }

  private boolean exists(String table) {
    try {
      jdbc.queryForObject("SELECT COUNT(*) FROM " + table + " WHERE 1 = 0", Long.class);
      return true;
    } catch (DataAccessException e) {
      return false;
    }
  }

  /// On PostgreSQL, creating a table concurrently with another instance may fail.
  private void create(String table, Runnable create) {
    try {
      create.run();
    } catch (RuntimeException e) {
      if (!exists(table)) {
        throw e;
      }
    }
  }

  /// Claims a consumer's position. The previous holder can no longer commit.
  JdbcClaim claim(String consumer) {
    return checkpoints.claim(consumer);
  }

  /// The work for an event.
  interface Work {
    void run() throws Exception;
  }

  /// Does the work and moves the consumer's position past the event, in one transaction.
  ///
  /// @throws ReplacedException if another instance has claimed the position
  /// @throws Exception if the work or the transaction fails
  void commit(JdbcClaim claim, Checkpoint position, Work work) throws Exception {
    try {
      transactions.executeWithoutResult(status -> {
        try {
          work.run();
        } catch (RuntimeException e) {
          throw e;
        } catch (Exception e) {
          throw new CheckedException(e);
        }
        save(claim, position);
      });
    } catch (CheckedException e) {
      throw e.failure;
    }
  }

  /// Moves a consumer's position past an event that its listener does not accept.
  ///
  /// @throws ReplacedException if another instance has claimed the position
  void skip(JdbcClaim claim, Checkpoint position) {
    transactions.executeWithoutResult(status -> save(claim, position));
  }

  private void save(JdbcClaim claim, Checkpoint position) {
    Connection connection = DataSourceUtils.getConnection(dataSource);
    try {
      if (connection.getAutoCommit()) {
        throw new IllegalStateException(
            "The transaction manager does not manage transactions of the DataSource that keeps the"
                + " positions of listeners: define a ListenerDatabase bean with a pair that fits");
      }
      claim.save(connection, position);
    } catch (CheckpointException e) {
      throw new ReplacedException(e);
    } catch (SQLException e) {
      throw new DataAccessResourceFailureException("The position cannot be saved", e);
    } finally {
      DataSourceUtils.releaseConnection(connection, dataSource);
    }
  }

  /// The position cannot be saved.
  static final class ReplacedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ReplacedException(CheckpointException cause) {
      super(cause.getMessage(), cause);
    }
  }

  /// Carries a checked exception out of a transaction, which it rolls back.
  private static final class CheckedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Exception failure;

    CheckedException(Exception failure) {
      super(failure);
      this.failure = failure;
    }
  }
}
