package app;

import com.mchange.v2.c3p0.ComboPooledDataSource;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.Statement;
import javax.sql.DataSource;
import org.apache.commons.dbcp2.BasicDataSource;
import org.postgresql.ds.PGSimpleDataSource;

/** Asks a database through each pool: a statement, and a prepared one twice. */
public final class PoolsMain {
  public static void main(String[] args) throws Exception {
    String url = args[0];
    ask("hikari", hikari(url));
    HikariConfig byDataSource = new HikariConfig();
    byDataSource.setDataSource(simple(url));
    ask("hikari_datasource", new HikariDataSource(byDataSource));
    BasicDataSource dbcp = new BasicDataSource();
    dbcp.setUrl(url);
    dbcp.setUsername("postgres");
    dbcp.setPoolPreparedStatements(true);
    ask("dbcp", dbcp);
    org.apache.tomcat.jdbc.pool.DataSource tomcat = new org.apache.tomcat.jdbc.pool.DataSource();
    tomcat.setUrl(url);
    tomcat.setUsername("postgres");
    tomcat.setDriverClassName("org.postgresql.Driver");
    ask("tomcat", tomcat);
    ComboPooledDataSource c3p0 = new ComboPooledDataSource();
    c3p0.setJdbcUrl(url);
    c3p0.setUser("postgres");
    c3p0.setMaxStatements(20);
    ask("c3p0", c3p0);
    System.out.println("READY 0");
    Thread.sleep(120_000);
  }

  private static DataSource simple(String url) throws Exception {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setUrl(url);
    source.setUser("postgres");
    return source;
  }

  private static DataSource hikari(String url) {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(url);
    config.setUsername("postgres");
    return new HikariDataSource(config);
  }

  private static void ask(String name, DataSource source) throws Exception {
    try (Connection connection = source.getConnection()) {
      try (Statement statement = connection.createStatement()) {
        statement.execute("create table " + name + " (id int)");
      }
      for (int i = 0; i < 2; i++) {
        try (PreparedStatement statement =
            connection.prepareStatement("insert into " + name + " values (?)")) {
          statement.setInt(1, i);
          statement.executeUpdate();
        }
      }
      try (Statement statement = connection.createStatement();
          ResultSet rows = statement.executeQuery("select id from " + name + " where id > 'x'")) {
        rows.next();
      } catch (java.sql.SQLException expected) {
        // 22P02, invalid text representation.
      }
    }
  }
}
