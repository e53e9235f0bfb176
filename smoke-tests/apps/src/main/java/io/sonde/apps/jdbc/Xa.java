package io.sonde.apps.jdbc;

import java.io.File;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.XAConnection;
import javax.sql.XADataSource;
import javax.transaction.xa.XAResource;
import javax.transaction.xa.Xid;

/**
 * Does what a transaction manager does, with each XADataSource it is given, each from its own class
 * loader: one transaction in two phases, and one that is rolled back.
 *
 * <p>An argument is {@code class|jars|property=value|property=value…}. READY at the end.
 */
public final class Xa {
  private Xa() {}

  /** Runs all. */
  public static void main(String[] args) throws Exception {
    for (int i = 0; i < args.length; i++) {
      XAConnection xa = source(args[i].split("\\|")).getXAConnection();
      try {
        run(xa, new Id(2 * i), new Id(2 * i + 1));
      } finally {
        xa.close();
      }
    }
    System.out.println("READY 0");
    Thread.sleep(120_000);
  }

  private static XADataSource source(String[] parts) throws Exception {
    String[] jars = parts[1].split(File.pathSeparator);
    URL[] urls = new URL[jars.length];
    for (int i = 0; i < jars.length; i++) {
      urls[i] = new File(jars[i]).toURI().toURL();
    }
    ClassLoader loader = new URLClassLoader(urls, ClassLoader.getSystemClassLoader().getParent());
    Object source = Class.forName(parts[0], true, loader).getDeclaredConstructor().newInstance();
    for (int i = 2; i < parts.length; i++) {
      int equals = parts[i].indexOf('=');
      set(source, "set" + parts[i].substring(0, equals), parts[i].substring(equals + 1));
    }
    return (XADataSource) source;
  }

  private static void set(Object source, String setter, String value) throws Exception {
    for (Method method : source.getClass().getMethods()) {
      if (method.getName().equalsIgnoreCase(setter)
          && method.getParameterCount() == 1
          && method.getParameterTypes()[0] == String.class) {
        method.invoke(source, value);
        return;
      }
    }
    throw new IllegalArgumentException(source.getClass() + " has no " + setter);
  }

  private static void run(XAConnection xa, Xid committed, Xid rolledBack) throws Exception {
    try (Connection connection = xa.getConnection()) {
      execute(connection, "CREATE TABLE xa (id INT NOT NULL PRIMARY KEY)");
    }
    XAResource resource = xa.getXAResource();
    resource.recover(XAResource.TMSTARTRSCAN | XAResource.TMENDRSCAN);
    try (Connection connection = xa.getConnection()) {
      resource.start(committed, XAResource.TMNOFLAGS);
      fill(connection);
      resource.end(committed, XAResource.TMSUCCESS);
      resource.prepare(committed);
      resource.commit(committed, false);
    }
    try (Connection connection = xa.getConnection()) {
      resource.start(rolledBack, XAResource.TMNOFLAGS);
      execute(connection, "UPDATE xa SET id = 9 WHERE id = 1");
      resource.end(rolledBack, XAResource.TMSUCCESS);
      resource.rollback(rolledBack);
    }
    try (Connection connection = xa.getConnection()) {
      execute(connection, "DROP TABLE xa");
    }
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static void fill(Connection connection) throws SQLException {
    try (PreparedStatement insert = connection.prepareStatement("INSERT INTO xa VALUES (?)")) {
      insert.setInt(1, 1);
      insert.executeUpdate();
      insert.setInt(1, 2);
      insert.addBatch();
      insert.setInt(1, 3);
      insert.addBatch();
      insert.executeBatch();
    }
    try (PreparedStatement select = connection.prepareStatement("SELECT id FROM xa WHERE id = ?")) {
      select.setInt(1, 1);
      select.executeQuery().close();
    }
  }

  private static final class Id implements Xid {
    private final byte number;

    Id(int number) {
      this.number = (byte) number;
    }

    @Override
    public int getFormatId() {
      return 7;
    }

    @Override
    public byte[] getGlobalTransactionId() {
      return new byte[] {1, number};
    }

    @Override
    public byte[] getBranchQualifier() {
      return new byte[] {2, number};
    }
  }
}
