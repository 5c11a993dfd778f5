package io.galerne.client.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.galerne.client.error.CheckpointException;
import java.sql.Connection;
import java.sql.SQLException;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class JdbcCheckpointStoreTest implements CheckpointStoreContract {
  private final JdbcDataSource database = new JdbcDataSource();
  private Connection keptOpen;

  /// A database in memory lives as long as a connection to it.
  @BeforeEach
  void open() throws SQLException {
    database.setURL("jdbc:h2:mem:" + System.identityHashCode(this));
    keptOpen = database.getConnection();
    store().createTable();
  }

  @AfterEach
  void close() throws SQLException {
    keptOpen.close();
  }

  @Override
  public JdbcCheckpointStore store() {
    return new JdbcCheckpointStore(database);
  }

  private Connection transaction() throws SQLException {
    Connection connection = database.getConnection();
    connection.setAutoCommit(false);
    return connection;
  }

  @Test
  void theTableMayAlreadyExist() {
    store().createTable();
    store().claim("billing").save(Checkpoint.of(1));
    store().createTable();

    assertThat(store().claim("billing").checkpoint()).contains(Checkpoint.of(1));
  }

  @Test
  void savesInTheCallersTransaction() throws Exception {
    JdbcClaim claim = store().claim("billing");
    try (Connection connection = transaction()) {
      claim.save(connection, new Checkpoint("log", 1));
      connection.commit();
      claim.save(connection, new Checkpoint("log", 2));
      connection.rollback();
      assertThat(store().claim("billing").checkpoint()).contains(new Checkpoint("log", 1));
    }
  }

  @Test
  void continuesAfterARollback() throws Exception {
    JdbcClaim claim = store().claim("billing");
    try (Connection connection = transaction()) {
      claim.save(connection, new Checkpoint("log", 5));
      connection.rollback();
      claim.save(connection, new Checkpoint("log", 2));
      connection.commit();
    }

    assertThat(store().claim("billing").checkpoint()).contains(new Checkpoint("log", 2));
  }

  @Test
  void aClaimTakesEffectWhenTheCallerCommits() throws Exception {
    JdbcClaim first = store().claim("billing");
    try (Connection connection = transaction()) {
      store().claim(connection, "billing");
      connection.rollback();
      first.save(Checkpoint.of(1));
      store().claim(connection, "billing");
      connection.commit();
    }

    assertThatThrownBy(() -> first.save(Checkpoint.of(2))).isInstanceOf(CheckpointException.class);
  }

  @Test
  void theSecondConsumerReplacesTheFirst() {
    JdbcClaim first = store().claim("billing");
    first.save(new Checkpoint("log", 1));

    JdbcClaim second = store().claim("billing");

    assertThatThrownBy(() -> first.save(new Checkpoint("log", 2)))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("Another consumer with the name 'billing' has claimed");
    second.save(new Checkpoint("log", 2));
    assertThat(store().claim("billing").checkpoint()).contains(new Checkpoint("log", 2));
  }

  @Test
  void saveFailsAfterTheCheckpointWasDeleted() {
    JdbcClaim claim = store().claim("billing");
    store().delete("billing");

    assertThatThrownBy(() -> claim.save(Checkpoint.of(1)))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("has been deleted");
  }

  @Test
  void theTableMayHaveAnotherName() {
    JdbcCheckpointStore other = new JdbcCheckpointStore(database, "public.positions");
    other.createTable();
    other.claim("billing").save(Checkpoint.of(3));

    assertThat(other.claim("billing").checkpoint()).contains(Checkpoint.of(3));
    assertThat(store().claim("billing").checkpoint()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "x; DROP TABLE y", "\"quoted\"", "a.b.c", "1st"})
  void refusesATableNameThatNeedsQuotes(String name) {
    assertThatThrownBy(() -> new JdbcCheckpointStore(database, name))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aMissingTableIsAnErrorThatNamesIt() {
    assertThatThrownBy(() -> new JdbcCheckpointStore(database, "missing").claim("billing"))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContainingAll("'billing' cannot be claimed", "MISSING");
  }
}
