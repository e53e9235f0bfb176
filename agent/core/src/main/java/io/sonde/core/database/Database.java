package io.sonde.core.database;

import org.jspecify.annotations.Nullable;

/** What a connection is connected to; one object a connection URL, shared by its spans. */
public final class Database {
  /** db.system.name. */
  public final String system;

  /** db.namespace. */
  public final @Nullable String namespace;

  /** server.address. */
  public final @Nullable String host;

  /** server.port, 0 where it is the system's own. */
  public final int port;

  final Dialect dialect;

  /** Holds the given values. */
  public Database(String system, @Nullable String namespace, @Nullable String host, int port) {
    this.system = system;
    this.namespace = namespace;
    this.host = host;
    this.port = port;
    dialect = Dialect.of(system);
  }

  /** A name for a pool of connections to it that has none: host:port/namespace. */
  public String poolName() {
    String at = host == null ? system : port > 0 ? host + ':' + port : host;
    return namespace == null ? at : at + '/' + namespace;
  }

  /** What an operation on no table or procedure is on, for a span that has no better name. */
  public String name() {
    if (namespace != null) {
      return namespace;
    }
    if (host != null) {
      return port > 0 ? host + ':' + port : host;
    }
    return system;
  }
}
