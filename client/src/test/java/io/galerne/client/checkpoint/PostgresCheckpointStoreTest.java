package io.galerne.client.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.galerne.client.error.CheckpointException;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Checkpoints on a real PostgreSQL, which handles conflicts differently: a failed statement makes
/// its transaction unusable, and creating an existing table may fail.
@Timeout(300)
class PostgresCheckpointStoreTest implements CheckpointStoreContract {
  private static EmbeddedPostgres postgres;

  @BeforeAll
  static void start() throws IOException {
    postgres = EmbeddedPostgres.builder().setServerConfig("max_connections", "100").start();
  }

  @AfterAll
  static void stop() throws IOException {
    postgres.close();
  }

  @BeforeEach
  void dropTheTable() throws SQLException {
    execute("DROP TABLE IF EXISTS " + JdbcCheckpointStore.DEFAULT_TABLE);
    store().createTable();
  }

  private static DataSource database() {
    return postgres.getPostgresDatabase();
  }

  private static void execute(String sql) throws SQLException {
    try (Connection connection = database().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  @Override
  public JdbcCheckpointStore store() {
    return new JdbcCheckpointStore(database());
  }

  /// Runs the same work on several threads as simultaneously as possible.
  private static <T> List<T> atOnce(int threads, Callable<T> work) throws Exception {
    CyclicBarrier barrier = new CyclicBarrier(threads);
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      List<Future<T>> results = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        results.add(
            pool.submit(() -> {
              barrier.await(60, TimeUnit.SECONDS);
              return work.call();
            }));
      }
      List<T> values = new ArrayList<>();
      for (Future<T> result : results) {
        values.add(result.get(60, TimeUnit.SECONDS));
      }
      return values;
    } catch (ExecutionException e) {
      throw new AssertionError("One of them failed", e.getCause());
    } finally {
      pool.shutdownNow();
    }
  }

  @Test
  void concurrentFirstClaimsSucceedAndTheLastOneWins() throws Exception {
    for (int round = 0; round < 10; round++) {
      String consumer = "billing-" + round;

      List<JdbcClaim> claims = atOnce(12, () -> store().claim(consumer));

      int owners = 0;
      for (JdbcClaim claim : claims) {
        try {
          claim.save(Checkpoint.of(1));
          owners++;
        } catch (CheckpointException e) {
          assertThat(e).hasMessageContaining("Another consumer with the name");
        }
      }
      assertThat(owners).isEqualTo(1);
    }
  }

  @Test
  void firstClaimsKeepTheCallersTransactionsUsable() throws Exception {
    execute("DROP TABLE IF EXISTS effect");
    execute("CREATE TABLE effect (n BIGINT)");

    List<Boolean> done =
        atOnce(
            8,
            () -> {
              try (Connection connection = database().getConnection();
                  Statement statement = connection.createStatement()) {
                connection.setAutoCommit(false);
                statement.executeUpdate("INSERT INTO effect VALUES (1)");
                JdbcClaim claim = store().claim(connection, "billing");
                claim.save(connection, Checkpoint.of(1));
                connection.commit();
                return true;
              }
            });

    assertThat(done).hasSize(8).containsOnly(true);
    assertThat(count("effect")).isEqualTo(8);
  }

  private static long count(String table) throws SQLException {
    try (Connection connection = database().getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT count(*) FROM " + table)) {
      rows.next();
      return rows.getLong(1);
    }
  }

  @Test
  void createsTheTableConcurrently() throws Exception {
    for (int round = 0; round < 10; round++) {
      execute("DROP TABLE " + JdbcCheckpointStore.DEFAULT_TABLE);

      atOnce(
          12,
          () -> {
            store().createTable();
            return true;
          });

      store().claim("billing").save(Checkpoint.of(round));
    }
  }

  @Test
  void aMissingTableIsStillAnError() {
    assertThatThrownBy(() -> new JdbcCheckpointStore(database(), "missing").claim("billing"))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContainingAll("'billing' cannot be claimed", "missing");
  }
}
