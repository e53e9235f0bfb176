package io.sonde.instrumentation.jdbc;

import io.sonde.core.Attachable;
import io.sonde.core.Attached;
import io.sonde.core.DatabaseSpan;
import io.sonde.core.Discovery;
import io.sonde.core.database.Database;
import io.sonde.core.database.Databases;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/** What the connections of this class loader's drivers are connected to. */
final class Connections {
  private static final Attached<Database> DATABASES = new Attached<>();

  /** Pools and tracers that are drivers too: the connection inside is the one to look at. */
  private static final String[] WRAPPERS = {
    "com.p6spy.",
    "net.sf.log4jdbc.",
    "net.ttddyy.",
    "org.apache.commons.dbcp",
    "org.apache.tomcat.",
    "org.apache.tomee.",
    "org.apache.openejb.",
    "org.logicalcobwebs.proxool.",
    "org.springframework.",
    "org.jboss.jca.",
    "org.vibur.",
    "com.alibaba.druid.",
    "com.ibm.ws.",
    "com.jolbox.bonecp.",
    "com.mchange.",
    "com.sun.gjc.",
    "com.zaxxer.hikari.",
    "io.agroal.",
    "io.opentelemetry.",
    "io.opentracing.",
    "net.bull.javamelody.",
    "oracle.ucp.",
    "org.apache.shardingsphere.",
    "org.testcontainers.",
    "software.amazon.jdbc.",
    "weblogic.jdbc.wrapper."
  };

  private static final ClassValue<Boolean> WRAPPER =
      new ClassValue<Boolean>() {
        @Override
        protected Boolean computeValue(Class<?> type) {
          return isWrapperType(type);
        }
      };

  /** Drivers whose classes are known by name, so that nothing of theirs has to be found. */
  private static final String[] NAMED = {
    "com.ibm.db2.",
    "com.microsoft.sqlserver.",
    "com.mysql.",
    "oracle.jdbc.",
    "org.apache.derby.",
    "org.h2.",
    "org.hsqldb.",
    "org.mariadb.",
    "org.postgresql.",
    "org.sqlite."
  };

  private Connections() {}

  /** A driver made a connection for this URL. */
  static void opened(Connection connection, @Nullable String url, @Nullable Properties properties) {
    Connection own = inside(connection);
    if (WRAPPER.get(own.getClass())) {
      return;
    }
    DATABASES.set(own, Databases.of(url, properties));
    if (!(own instanceof Attachable)) {
      Discovery.seen(own, "jdbc.connection");
    }
  }

  /** A DataSource handed out a connection, which no driver that is known made. */
  static void given(Connection connection) {
    if (!(connection instanceof Attachable) && !WRAPPER.get(connection.getClass())) {
      Discovery.seen(connection, "jdbc.connection");
    }
  }

  /**
   * What a java.lang.reflect.Proxy is for, where it says so: drivers hand out such proxies for the
   * connections of several hosts and for those that stay open when they are closed.
   */
  static Connection inside(Connection connection) {
    if (!(connection instanceof Proxy)) {
      return connection;
    }
    try {
      Connection inside = connection.unwrap(Connection.class);
      return inside == null ? connection : inside;
    } catch (SQLException | RuntimeException | LinkageError e) {
      return connection;
    }
  }

  /** Whether it belongs to a driver that is known by name. */
  static boolean ofNamedDriver(Class<?> type) {
    return startsWith(type.getName(), NAMED);
  }

  private static boolean isWrapperType(Class<?> type) {
    return Proxy.isProxyClass(type) || startsWith(type.getName(), WRAPPERS);
  }

  private static boolean startsWith(String name, String[] prefixes) {
    for (String prefix : prefixes) {
      if (name.startsWith(prefix)) {
        return true;
      }
    }
    return false;
  }

  /** What it is connected to; asks a connection that a DataSource made for its URL, once. */
  static Database of(Connection connection) {
    Database database = DATABASES.get(connection);
    if (database == null) {
      // First, so that statements which the driver makes to answer do not ask again.
      DATABASES.set(connection, Databases.UNKNOWN);
      database = Databases.of(url(connection), null);
      DATABASES.set(connection, database);
    }
    return database;
  }

  private static @Nullable String url(Connection connection) {
    DatabaseSpan.silence();
    try {
      DatabaseMetaData metaData = connection.getMetaData();
      return metaData == null ? null : metaData.getURL();
    } catch (SQLException e) {
      return null;
    } finally {
      DatabaseSpan.resume();
    }
  }
}
