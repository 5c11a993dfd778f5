package io.galerne.spring;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/// A data source that can be disconnected.
public final class Unpluggable extends DelegatingDataSource {
  private volatile boolean unplugged;

  public Unpluggable(DataSource database) {
    super(database);
  }

  public void unplug(boolean unplugged) {
    this.unplugged = unplugged;
  }

  @Override
  public Connection getConnection() throws SQLException {
    if (unplugged) {
      throw new SQLException("The database is away", "08001");
    }
    return super.getConnection();
  }
}
