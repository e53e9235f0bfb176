package io.sonde.apps.jdbc;

import java.io.File;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.sql.Driver;
import java.sql.SQLException;
import java.util.Properties;

/**
 * Asks drivers whose servers are not there for a connection, says how they refuse it, and loads the
 * classes that they would have used.
 *
 * <p>An argument is {@code driver class|url|classes|discovered classes|jar}; the discovered ones
 * are shown to the agent, if there is one, as the driver's connection would show them.
 */
public final class Unserved {
  private Unserved() {}

  /** Runs all. */
  public static void main(String[] args) throws Exception {
    for (String arg : args) {
      String[] parts = arg.split("\\|");
      ClassLoader loader =
          new URLClassLoader(
              new URL[] {new File(parts[4]).toURI().toURL()},
              ClassLoader.getSystemClassLoader().getParent());
      Driver driver =
          Class.forName(parts[0], true, loader)
              .asSubclass(Driver.class)
              .getDeclaredConstructor()
              .newInstance();
      refused(driver, parts[1]);
      for (String name : parts[2].split(",")) {
        Class.forName(name, true, loader);
      }
      if (!parts[3].isEmpty()) {
        for (String name : parts[3].split(",")) {
          show(Class.forName(name, true, loader));
        }
      }
    }
    System.out.println("READY 0");
    Thread.sleep(120_000);
  }

  private static void refused(Driver driver, String url) {
    Properties properties = new Properties();
    properties.setProperty("user", "nobody");
    properties.setProperty("password", "secret");
    try {
      driver.connect(url, properties);
      System.out.println("CONNECTED " + url);
    } catch (SQLException e) {
      StringBuilder frames = new StringBuilder();
      for (StackTraceElement frame : e.getStackTrace()) {
        frames.append(' ').append(frame);
      }
      System.out.println(
          "REFUSED "
              + e.getClass().getName()
              + ' '
              + e.getSQLState()
              + ' '
              + e.getErrorCode()
              + ' '
              + e.getMessage().replace('\n', ' ').replaceAll("[0-9a-fA-F-]{16,}|[\\w+/]+==", "ID")
              + frames);
    }
  }

  private static void show(Class<?> type) throws Exception {
    Field field = Class.forName("sun.misc.Unsafe").getDeclaredField("theUnsafe");
    field.setAccessible(true);
    Object unsafe = field.get(null);
    Method allocate = unsafe.getClass().getMethod("allocateInstance", Class.class);
    Object statement = allocate.invoke(unsafe, type);
    try {
      Class.forName("io.sonde.core.Discovery")
          .getMethod("seen", Object.class, String.class)
          .invoke(null, statement, "jdbc.statement");
    } catch (ClassNotFoundException e) {
      // There is no agent.
    }
  }
}
