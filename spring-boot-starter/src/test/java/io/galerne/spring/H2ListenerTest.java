package io.galerne.spring;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;

/// Listeners on H2.
@Timeout(120)
class H2ListenerTest implements ListenerContract {
  private static final JdbcDataSource H2 = memory("listeners");

  static JdbcDataSource memory(String name) {
    JdbcDataSource database = new JdbcDataSource();
    database.setURL("jdbc:h2:mem:" + name + ";DB_CLOSE_DELAY=-1");
    return database;
  }

  @BeforeAll
  static void create() throws SQLException {
    try (Connection connection = H2.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE invoice (workflow VARCHAR(200), execution VARCHAR(200))");
    }
  }

  @Override
  public Unpluggable database() {
    return new Unpluggable(H2);
  }
}
