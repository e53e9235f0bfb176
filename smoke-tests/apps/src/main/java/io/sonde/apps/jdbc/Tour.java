package io.sonde.apps.jdbc;

import java.io.File;
import java.net.URL;
import java.net.URLClassLoader;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;

/**
 * Makes each kind of JDBC call once, with each driver it is given, each from its own class loader.
 *
 * <p>An argument is {@code driver class|url|user|password|call|jars}; the call may be empty. One
 * line on standard output for each call that a driver refuses, and READY at the end.
 */
public final class Tour {
  private final Connection connection;
  private final String call;

  private Tour(Connection connection, String call) {
    this.connection = connection;
    this.call = call;
  }

  /** Runs all. */
  public static void main(String[] args) throws Exception {
    for (String arg : args) {
      String[] parts = arg.split("\\|");
      try (Connection connection = connect(parts)) {
        new Tour(connection, parts[4]).run(parts[1]);
      }
    }
    System.out.println("READY 0");
    System.in.read();
    Thread.sleep(1000);
  }

  static Connection connect(String[] parts) throws Exception {
    String[] jars = parts[5].split(File.pathSeparator);
    URL[] urls = new URL[jars.length];
    for (int i = 0; i < jars.length; i++) {
      urls[i] = new File(jars[i]).toURI().toURL();
    }
    ClassLoader loader = new URLClassLoader(urls, platform());
    Driver driver =
        Class.forName(parts[0], true, loader)
            .asSubclass(Driver.class)
            .getDeclaredConstructor()
            .newInstance();
    Properties properties = new Properties();
    properties.setProperty("user", parts[2]);
    properties.setProperty("password", parts[3]);
    Connection connection = driver.connect(parts[1], properties);
    if (connection == null) {
      throw new IllegalStateException(parts[0] + " does not take " + parts[1]);
    }
    return connection;
  }

  /** The loader that sees java.sql and nothing of the application. */
  private static ClassLoader platform() {
    return ClassLoader.getSystemClassLoader().getParent();
  }

  /** One call. */
  private interface Call {
    void run() throws SQLException;
  }

  private void attempt(String url, String name, Call call) {
    try {
      call.run();
    } catch (SQLException | RuntimeException | LinkageError e) {
      System.out.println("REFUSED " + name + ": " + url + ": " + e);
    }
  }

  private void run(String url) throws SQLException {
    attempt(url, "drop", () -> execute("DROP TABLE tour"));
    execute("CREATE TABLE tour (id INT NOT NULL PRIMARY KEY, name VARCHAR(50))");
    texts(url);
    prepared(url);
    batches(url);
    failures();
    transaction();
    attempt(url, "isValid", () -> connection.isValid(5));
    if (!call.isEmpty()) {
      attempt(url, "call", this::call);
    }
    execute("DROP TABLE tour");
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private void texts(String url) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("INSERT INTO tour VALUES (1, 'secret')");
      statement.executeUpdate("UPDATE tour SET name = 'secret' WHERE id IN (1, 2, 3)");
      statement.executeQuery("SELECT name FROM tour WHERE id = 1").close();
      attempt(
          url,
          "keys 1",
          () ->
              statement.executeUpdate(
                  "INSERT INTO tour VALUES (2, 'a')", Statement.RETURN_GENERATED_KEYS));
      attempt(
          url,
          "keys 2",
          () -> statement.execute("INSERT INTO tour VALUES (3, 'a')", new String[] {"id"}));
      attempt(
          url,
          "keys 3",
          () -> statement.executeUpdate("INSERT INTO tour VALUES (4, 'a')", new int[] {1}));
      attempt(
          url, "large", () -> statement.executeLargeUpdate("DELETE FROM tour WHERE id IN (2, 3)"));
    }
  }

  private void prepared(String url) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("INSERT INTO tour VALUES (?, 'kept')")) {
      statement.setInt(1, 5);
      statement.executeUpdate();
      statement.setInt(1, 6);
      statement.execute();
      statement.setInt(1, 7);
      attempt(url, "large", statement::executeLargeUpdate);
    }
    try (PreparedStatement statement =
        connection.prepareStatement("SELECT name FROM tour WHERE id = ?")) {
      statement.setInt(1, 5);
      statement.executeQuery().close();
    }
    attempt(
        url,
        "keys",
        () -> {
          try (PreparedStatement statement =
              connection.prepareStatement(
                  "INSERT INTO tour VALUES (?, ?)", Statement.RETURN_GENERATED_KEYS)) {
            statement.setInt(1, 8);
            statement.setString(2, "x");
            statement.executeUpdate();
            statement.getGeneratedKeys().close();
          }
        });
  }

  private void batches(String url) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("INSERT INTO tour VALUES (?, ?)")) {
      for (int id = 10; id < 13; id++) {
        add(statement, id);
      }
      statement.executeBatch();
      add(statement, 13);
      statement.executeBatch();
      add(statement, 14);
      statement.clearBatch();
      add(statement, 15);
      add(statement, 16);
      attempt(url, "large batch", statement::executeLargeBatch);
    }
    try (Statement statement = connection.createStatement()) {
      statement.addBatch("UPDATE tour SET name = 'a' WHERE id = 10");
      statement.addBatch("UPDATE tour SET name = 'b' WHERE id > 11");
      statement.executeBatch();
      statement.addBatch("UPDATE tour SET name = 'a' WHERE id = 10");
      statement.addBatch("DELETE FROM tour WHERE id = 10");
      statement.executeBatch();
    }
  }

  private static void add(PreparedStatement statement, int id) throws SQLException {
    statement.setInt(1, id);
    statement.setString(2, "x");
    statement.addBatch();
  }

  private void failures() throws SQLException {
    fails(() -> execute("SELECT * FROM no_such_table"));
    fails(() -> execute("INSERT INTO tour VALUES (1, 'twice')"));
    fails(
        () -> {
          try (PreparedStatement statement =
              connection.prepareStatement("INSERT INTO tour VALUES (?, ?)")) {
            add(statement, 1);
            add(statement, 1);
            statement.executeBatch();
          }
        });
  }

  private static void fails(Call call) {
    try {
      call.run();
    } catch (SQLException e) {
      return;
    }
    throw new IllegalStateException("should have failed");
  }

  private void transaction() throws SQLException {
    connection.setAutoCommit(false);
    execute("UPDATE tour SET name = 'c'");
    connection.rollback();
    execute("UPDATE tour SET name = 'd'");
    connection.commit();
    connection.setAutoCommit(true);
  }

  private void call() throws SQLException {
    try (CallableStatement statement = connection.prepareCall(call)) {
      if (call.startsWith("{?")) {
        statement.registerOutParameter(1, java.sql.Types.VARCHAR);
        statement.setString(2, "x");
      }
      statement.execute();
    }
  }
}
