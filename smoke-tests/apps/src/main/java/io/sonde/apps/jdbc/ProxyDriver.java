package io.sonde.apps.jdbc;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverPropertyInfo;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import java.util.logging.Logger;

/**
 * A driver whose connections and statements are proxies by java.lang.reflect, as of many drivers
 * for several hosts; behind them is HSQLDB 1.8, by a way that no driver's {@code connect} is on.
 */
public final class ProxyDriver implements Driver {
  @Override
  public Connection connect(String url, Properties info) throws SQLException {
    return proxy(Connection.class, open(url, info), false);
  }

  /** What a pool or a transaction manager hands out: closing it leaves the connection open. */
  static Connection keptOpen(Connection connection) {
    return proxy(Connection.class, connection, true);
  }

  static Connection open(String url, Properties info) throws SQLException {
    try {
      return (Connection)
          Class.forName("org.hsqldb.jdbcDriver")
              .getMethod("getConnection", String.class, Properties.class)
              .invoke(null, url, info);
    } catch (ReflectiveOperationException e) {
      throw new SQLException(e);
    }
  }

  private static <T> T proxy(Class<T> type, Object target, boolean keptOpen) {
    return type.cast(
        Proxy.newProxyInstance(
            ProxyDriver.class.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, args) -> {
              if (method.getName().equals("unwrap")) {
                return target;
              }
              if (keptOpen && method.getName().equals("close")) {
                return null;
              }
              try {
                return proxied(method.invoke(target, args));
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            }));
  }

  private static Object proxied(Object result) {
    if (result instanceof CallableStatement) {
      return proxy(CallableStatement.class, result, false);
    }
    if (result instanceof PreparedStatement) {
      return proxy(PreparedStatement.class, result, false);
    }
    return result instanceof Statement ? proxy(Statement.class, result, false) : result;
  }

  @Override
  public boolean acceptsURL(String url) {
    return true;
  }

  @Override
  public DriverPropertyInfo[] getPropertyInfo(String url, Properties info) {
    return new DriverPropertyInfo[0];
  }

  @Override
  public int getMajorVersion() {
    return 1;
  }

  @Override
  public int getMinorVersion() {
    return 0;
  }

  @Override
  public boolean jdbcCompliant() {
    return false;
  }

  @Override
  public Logger getParentLogger() {
    return Logger.getAnonymousLogger();
  }
}
