package io.sonde.instrumentation.jdbc;

import io.sonde.core.Attachable;
import io.sonde.core.Attached;
import io.sonde.core.Database;
import io.sonde.core.DatabaseSpan;
import io.sonde.core.Databases;
import io.sonde.core.Discovery;
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

  private Connections() {}

  /** A driver made a connection for this URL. */
  static void opened(Connection connection, @Nullable String url, @Nullable Properties properties) {
    if (WRAPPER.get(connection.getClass())) {
      return;
    }
    DATABASES.set(connection, Databases.of(url, properties));
    if (!(connection instanceof Attachable)) {
      Discovery.seen(connection, "jdbc.connection");
    }
  }

  /** A DataSource handed out a connection, which no driver that is known made. */
  static void given(Connection connection) {
    if (!WRAPPER.get(connection.getClass())) {
      Discovery.seen(connection, "jdbc.connection");
    }
  }

  private static boolean isWrapperType(Class<?> type) {
    if (Proxy.isProxyClass(type)) {
      return true;
    }
    String name = type.getName();
    for (String prefix : WRAPPERS) {
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
