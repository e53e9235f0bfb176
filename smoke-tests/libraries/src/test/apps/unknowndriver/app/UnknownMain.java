package app;

import com.p6spy.engine.spy.P6DataSource;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.Statement;
import javax.sql.DataSource;
import net.ttddyy.dsproxy.support.ProxyDataSourceBuilder;
import org.hsqldb.jdbc.jdbcDataSource;

/** Asks a database whose driver is in no table, in all the ways that one is reached. */
public final class UnknownMain {
  public static void main(String[] args) throws Exception {
    // First, as nothing has asked the driver for a connection yet.
    ask("datasource", source("datasource"));
    HikariConfig config = new HikariConfig();
    config.setDataSource(source("hikari"));
    config.setConnectionTestQuery("CALL 1");
    ask("hikari", new HikariDataSource(config));
    ask("p6spy_datasource", new P6DataSource(source("p6spy_datasource")));
    ask("proxy", ProxyDataSourceBuilder.create(source("proxy")).build());
    ask("manager", DriverManager.getConnection("jdbc:hsqldb:mem:manager", "SA", ""));
    ask("p6spy", DriverManager.getConnection("jdbc:p6spy:hsqldb:mem:p6spy", "SA", ""));
    ask("p6spy_h2", DriverManager.getConnection("jdbc:p6spy:h2:mem:p6spy_h2", "SA", ""));
    System.out.println("READY 0");
    Thread.sleep(120_000);
  }

  private static DataSource source(String name) {
    jdbcDataSource source = new jdbcDataSource();
    source.setDatabase("jdbc:hsqldb:mem:" + name);
    source.setUser("SA");
    source.setPassword("");
    return source;
  }

  private static void ask(String name, DataSource source) throws Exception {
    ask(name, source.getConnection());
    try (Connection second = source.getConnection();
        Statement statement = second.createStatement()) {
      statement.executeUpdate("drop table " + name);
    }
  }

  private static void ask(String name, Connection opened) throws Exception {
    try (Connection connection = opened) {
      try (Statement statement = connection.createStatement()) {
        statement.execute("create table " + name + " (id int)");
      }
      try (PreparedStatement statement =
          connection.prepareStatement("insert into " + name + " values (?)")) {
        statement.setInt(1, 1);
        statement.executeUpdate();
        statement.setInt(1, 2);
        statement.addBatch();
        statement.setInt(1, 3);
        statement.addBatch();
        statement.executeBatch();
      }
      Statement inner = connection.createStatement().getConnection().createStatement();
      inner.executeQuery("select id from " + name + " where id = 7").close();
    }
  }
}
