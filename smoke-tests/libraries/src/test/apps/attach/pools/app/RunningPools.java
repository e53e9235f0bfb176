package app;

import com.mchange.v2.c3p0.ComboPooledDataSource;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.sql.DataSource;
import org.apache.commons.dbcp2.BasicDataSource;

/** Four pools with open connections that go on being used: each time a text and a prepared one. */
public final class RunningPools {
  private static final String[] SYSTEMS = {"h2"};

  public static void main(String[] args) throws Exception {
    Map<String, DataSource> pools = new LinkedHashMap<>();
    for (String system : SYSTEMS) {
      String url = "jdbc:" + system + ":mem:" + system;
      pools.put("hikari_" + system, hikari(url));
      pools.put("dbcp_" + system, dbcp(url));
      pools.put("tomcat_" + system, tomcat(url));
      pools.put("c3p0_" + system, c3p0(url));
    }
    for (Map.Entry<String, DataSource> pool : pools.entrySet()) {
      try (Connection connection = pool.getValue().getConnection();
          Statement statement = connection.createStatement()) {
        statement.execute("create table " + pool.getKey() + " (id int)");
      }
    }
    // A connection and a statement that somebody keeps.
    Connection kept = pools.get("hikari_h2").getConnection();
    PreparedStatement old = kept.prepareStatement("delete from hikari_h2 where id = ?");
    for (int round = 0; ; round++) {
      for (Map.Entry<String, DataSource> pool : pools.entrySet()) {
        use(pool.getKey(), pool.getValue(), round);
      }
      old.setInt(1, round);
      old.executeUpdate();
      try (PreparedStatement fresh = kept.prepareStatement("update hikari_h2 set id = ?")) {
        fresh.setInt(1, round);
        fresh.executeUpdate();
      }
      System.out.println("ROUND " + round);
      if (round == 3) {
        System.out.println("READY 0");
      }
      Thread.sleep(100);
    }
  }

  private static void use(String name, DataSource pool, int round) throws SQLException {
    try (Connection connection = pool.getConnection()) {
      try (Statement statement = connection.createStatement()) {
        statement.executeUpdate("delete from " + name + " where id = " + round);
      }
      try (PreparedStatement statement =
          connection.prepareStatement("insert into " + name + " values (?)")) {
        statement.setInt(1, round);
        statement.executeUpdate();
      }
    }
  }

  private static DataSource hikari(String url) {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(url);
    config.setUsername("SA");
    config.setConnectionTestQuery("CALL 1");
    config.setMaximumPoolSize(2);
    return new HikariDataSource(config);
  }

  private static DataSource dbcp(String url) {
    BasicDataSource dbcp = new BasicDataSource();
    dbcp.setUrl(url);
    dbcp.setUsername("SA");
    return dbcp;
  }

  private static DataSource tomcat(String url) {
    org.apache.tomcat.jdbc.pool.DataSource tomcat = new org.apache.tomcat.jdbc.pool.DataSource();
    tomcat.setUrl(url);
    tomcat.setUsername("SA");
    tomcat.setInitialSize(1);
    return tomcat;
  }

  private static DataSource c3p0(String url) {
    ComboPooledDataSource c3p0 = new ComboPooledDataSource();
    c3p0.setJdbcUrl(url);
    c3p0.setUser("SA");
    c3p0.setInitialPoolSize(1);
    return c3p0;
  }
}
