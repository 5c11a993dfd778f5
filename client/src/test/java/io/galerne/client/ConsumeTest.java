package io.galerne.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.galerne.client.checkpoint.CheckpointStore;
import io.galerne.client.checkpoint.FileCheckpointStore;
import io.galerne.client.checkpoint.JdbcCheckpointStore;
import io.galerne.client.error.CheckpointException;
import io.galerne.client.error.StreamException;
import io.galerne.client.stream.Ending;
import io.galerne.client.stream.StreamEventsRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Consumers continue where they were, whatever ended them.
@Timeout(60)
class ConsumeTest {
  private static final StreamEventsRequest ALL =
      StreamEventsRequest.builder().options(o -> o.reconnection(Reconnection.off())).build();
  private static final StreamEventsRequest FROM_3 =
      StreamEventsRequest.builder()
          .startSeq(3)
          .options(o -> o.reconnection(Reconnection.off()))
          .build();
  private static final String LOG = "Galerne-Log-Id: log-1";

  @TempDir Path folder;

  private final List<Long> handled = new ArrayList<>();

  private static ScriptedServer server() {
    return ScriptedServer.endingWith(wire -> wire.stream(LOG).eventsUpTo(6).end());
  }

  private CheckpointStore files() {
    return new FileCheckpointStore(folder);
  }

  @Test
  void startsWhereTheRequestSaysAndResumesAfterTheCheckpoint() {
    try (ScriptedServer server =
            ScriptedServer.of(
                wire -> wire.stream(LOG).events(3, 4).end(),
                wire -> wire.stream(LOG).eventsUpTo(6).end());
        Mistral mistral = server.client().build()) {
      Ending first =
          mistral
              .events()
              .consume(FROM_3, files(), "billing", e -> handled.add(e.brokerSequence()));
      mistral.events().consume(FROM_3, files(), "billing", e -> handled.add(e.brokerSequence()));

      assertThat(first).isEqualTo(Ending.ENDED);
      assertThat(handled).containsExactly(3L, 4L, 5L, 6L);
      assertThat(server.requests().get(0).target()).contains("start_seq=3");
      assertThat(server.requests().get(0).header("last-event-id")).isEmpty();
      assertThat(server.requests().get(1).header("last-event-id")).contains("4");
    }
  }

  @Test
  void redeliversAnEventWhoseHandlerThrew() {
    try (ScriptedServer server = server();
        Mistral mistral = server.client().build()) {
      assertThatThrownBy(() ->
              mistral
                  .events()
                  .consume(
                      ALL,
                      files(),
                      "billing",
                      event -> {
                        handled.add(event.brokerSequence());
                        if (event.brokerSequence() == 3) {
                          throw new IOException("the printer is out of paper");
                        }
                      }))
          .isInstanceOf(IOException.class)
          .hasMessage("the printer is out of paper");
      mistral.events().consume(ALL, files(), "billing", e -> handled.add(e.brokerSequence()));

      assertThat(handled).containsExactly(1L, 2L, 3L, 3L, 4L, 5L, 6L);
    }
  }

  @Test
  void aChangedLogFailsAndSaysWhatToDo() {
    try (ScriptedServer server =
            ScriptedServer.of(
                wire -> wire.stream(LOG).events(3, 4).end(),
                wire -> wire.stream("Galerne-Log-Id: log-2").events(5).end(),
                wire -> wire.stream("Galerne-Log-Id: log-2").events(5).end());
        Mistral mistral = server.client().build()) {
      mistral.events().consume(FROM_3, files(), "billing", e -> handled.add(e.brokerSequence()));

      assertThatThrownBy(() -> mistral.events().consume(FROM_3, files(), "billing", e -> {}))
          .isInstanceOfSatisfying(
              StreamException.class,
              e -> assertThat(e.kind()).isEqualTo(StreamException.Kind.LOG_CHANGED))
          .hasMessageContainingAll("log-1", "log-2", "consumer 'billing'", "delete it");

      files().delete("billing");
      mistral.events().consume(FROM_3, files(), "billing", e -> handled.add(e.brokerSequence()));
      assertThat(handled).containsExactly(3L, 4L, 5L);
    }
  }

  @Test
  void aSecondConsumerOfTheSameNameFailsAtOnce() {
    try (ScriptedServer server = server();
        Mistral mistral = server.client().build();
        CheckpointStore.Claim first = files().claim("billing")) {
      assertThat(first.checkpoint()).isEmpty();
      assertThatThrownBy(() -> mistral.events().consume(ALL, files(), "billing", e -> {}))
          .isInstanceOf(CheckpointException.class);
      assertThat(server.requests()).isEmpty();
    }
  }

  // With a database.

  private Connection database(JdbcDataSource database) throws SQLException {
    database.setURL("jdbc:h2:mem:" + System.identityHashCode(this));
    Connection keptOpen = database.getConnection();
    new JdbcCheckpointStore(database).createTable();
    try (Statement create = keptOpen.createStatement()) {
      create.execute("CREATE TABLE invoice (n BIGINT)");
    }
    return keptOpen;
  }

  private static void insert(Connection connection, long number) throws SQLException {
    try (PreparedStatement insert = connection.prepareStatement("INSERT INTO invoice VALUES (?)")) {
      insert.setLong(1, number);
      insert.executeUpdate();
    }
  }

  private static List<Long> invoices(Connection connection) throws SQLException {
    List<Long> invoices = new ArrayList<>();
    try (Statement select = connection.createStatement();
        ResultSet rows = select.executeQuery("SELECT n FROM invoice ORDER BY n")) {
      while (rows.next()) {
        invoices.add(rows.getLong(1));
      }
    }
    return invoices;
  }

  @Test
  void rollsBackTheHandlersEffectsIfTheSaveFails() throws Exception {
    JdbcDataSource database = new JdbcDataSource();
    try (ScriptedServer server = server();
        Mistral mistral = server.client().build();
        Connection connection = database(database)) {
      JdbcCheckpointStore store = new JdbcCheckpointStore(database);
      for (long failing = 1; failing <= 6; failing++) {
        long last = failing;
        assertThatThrownBy(() ->
                store.consume(
                    mistral.events(),
                    ALL,
                    "billing",
                    (transaction, event) -> {
                      insert(transaction, event.brokerSequence());
                      if (event.brokerSequence() == last) {
                        throw new IllegalStateException("crash");
                      }
                    }))
            .hasMessage("crash");
        assertThat(invoices(connection)).hasSize((int) last - 1);
      }

      store.consume(
          mistral.events(),
          ALL,
          "billing",
          (transaction, event) -> insert(transaction, event.brokerSequence()));

      assertThat(invoices(connection)).containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
    }
  }

  @Test
  void aReplacedConsumerLeavesNoEffects() throws Exception {
    JdbcDataSource database = new JdbcDataSource();
    try (ScriptedServer server = server();
        Mistral mistral = server.client().build();
        Connection connection = database(database)) {
      JdbcCheckpointStore store = new JdbcCheckpointStore(database);

      assertThatThrownBy(() ->
              store.consume(
                  mistral.events(),
                  ALL,
                  "billing",
                  (transaction, event) -> {
                    insert(transaction, event.brokerSequence());
                    if (event.brokerSequence() == 3) {
                      store.consume(
                          mistral.events(),
                          ALL,
                          "billing",
                          (other, same) -> insert(other, same.brokerSequence()));
                    }
                  }))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining("Another consumer with the name 'billing' has claimed");

      assertThat(invoices(connection)).containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
    }
  }

  @Test
  void aDatabaseFailureNamesTheUnhandledSequence() throws Exception {
    JdbcDataSource database = new JdbcDataSource();
    try (ScriptedServer server = server();
        Mistral mistral = server.client().build();
        Connection connection = database(database)) {
      assertThat(connection.isValid(1)).isTrue();
      JdbcCheckpointStore store = new JdbcCheckpointStore(database);

      assertThatThrownBy(() ->
              store.consume(
                  mistral.events(),
                  ALL,
                  "billing",
                  (transaction, event) -> {
                    transaction.prepareStatement("SELECT * FROM nowhere");
                  }))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContainingAll("billing", "sequence 1", "NOWHERE");
    }
  }
}
