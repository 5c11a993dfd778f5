package io.galerne.spring;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;

/// Listeners on PostgreSQL.
@Timeout(120)
class PostgresListenerTest implements ListenerContract {
  private static EmbeddedPostgres postgres;

  @BeforeAll
  static void start() throws IOException, SQLException {
    postgres = EmbeddedPostgres.start();
    try (Connection connection = postgres.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE invoice (workflow VARCHAR(200), execution VARCHAR(200))");
    }
  }

  @AfterAll
  static void stop() throws IOException {
    postgres.close();
  }

  @Override
  public Unpluggable database() {
    return new Unpluggable(postgres.getPostgresDatabase());
  }
}
