package io.sonde.apps.jdbc;

import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import java.util.logging.Logger;
import javax.sql.ConnectionEventListener;
import javax.sql.StatementEventListener;
import javax.sql.XAConnection;
import javax.sql.XADataSource;
import javax.transaction.xa.XAException;
import javax.transaction.xa.XAResource;
import javax.transaction.xa.Xid;

/** The same for distributed transactions, of which it has the commands and nothing else. */
public final class ProxyXADataSource implements XADataSource {
  private String url;

  public void setUrl(String to) {
    url = to;
  }

  @Override
  public XAConnection getXAConnection() throws SQLException {
    Properties info = new Properties();
    info.setProperty("user", "SA");
    info.setProperty("password", "");
    return new OwnConnection(ProxyDriver.open(url, info));
  }

  @Override
  public XAConnection getXAConnection(String user, String password) throws SQLException {
    return getXAConnection();
  }

  @Override
  public PrintWriter getLogWriter() {
    return null;
  }

  @Override
  public void setLogWriter(PrintWriter out) {}

  @Override
  public void setLoginTimeout(int seconds) {}

  @Override
  public int getLoginTimeout() {
    return 0;
  }

  @Override
  public Logger getParentLogger() {
    return Logger.getAnonymousLogger();
  }

  private static final class OwnConnection implements XAConnection {
    private final Connection connection;

    OwnConnection(Connection connection) {
      this.connection = connection;
    }

    @Override
    public Connection getConnection() {
      return ProxyDriver.keptOpen(connection);
    }

    @Override
    public XAResource getXAResource() {
      return new OwnXAResource(connection);
    }

    @Override
    public void close() throws SQLException {
      connection.close();
    }

    @Override
    public void addConnectionEventListener(ConnectionEventListener listener) {}

    @Override
    public void removeConnectionEventListener(ConnectionEventListener listener) {}

    @Override
    public void addStatementEventListener(StatementEventListener listener) {}

    @Override
    public void removeStatementEventListener(StatementEventListener listener) {}
  }

  private static final class OwnXAResource implements XAResource {
    private final Connection connection;

    OwnXAResource(Connection connection) {
      this.connection = connection;
    }

    private void command() throws XAException {
      try (Statement statement = connection.createStatement()) {
        statement.execute("CALL 'of the driver'");
      } catch (SQLException e) {
        throw new XAException(e.toString());
      }
    }

    @Override
    public void start(Xid xid, int flags) throws XAException {
      command();
    }

    @Override
    public void end(Xid xid, int flags) throws XAException {
      command();
    }

    @Override
    public int prepare(Xid xid) throws XAException {
      command();
      return XA_OK;
    }

    @Override
    public void commit(Xid xid, boolean onePhase) throws XAException {
      command();
    }

    @Override
    public void rollback(Xid xid) throws XAException {
      command();
    }

    @Override
    public void forget(Xid xid) throws XAException {
      command();
    }

    @Override
    public Xid[] recover(int flag) throws XAException {
      command();
      return new Xid[0];
    }

    @Override
    public boolean isSameRM(XAResource other) {
      return other == this;
    }

    @Override
    public int getTransactionTimeout() {
      return 0;
    }

    @Override
    public boolean setTransactionTimeout(int seconds) {
      return false;
    }
  }
}
