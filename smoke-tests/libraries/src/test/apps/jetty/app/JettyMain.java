package app;

import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.servlet.ServletContextHandler;
import org.eclipse.jetty.servlet.ServletHolder;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/** Jetty with the application at {@code /shop}, with TLS too. */
public final class JettyMain {
  private JettyMain() {}

  public static void main(String[] args) throws Exception {
    Server server = new Server();
    HttpConfiguration configuration = new HttpConfiguration();
    ServerConnector connector =
        new ServerConnector(
            server,
            new HttpConnectionFactory(configuration),
            new HTTP2CServerConnectionFactory(configuration));
    server.addConnector(connector);
    ServerConnector secure = secure(server);
    server.addConnector(secure);
    ServletContextHandler context = new ServletContextHandler();
    context.setContextPath("/shop");
    ServletHolder holder = new ServletHolder("scenario", new Scenario());
    holder.setAsyncSupported(true);
    for (String mapping : Scenario.MAPPINGS) {
      context.addServlet(holder, mapping);
    }
    server.setHandler(context);
    server.start();
    System.out.println("TLS " + secure.getLocalPort());
    System.out.println("READY " + connector.getLocalPort());
    server.join();
  }

  private static ServerConnector secure(Server server) {
    SslContextFactory.Server keys = new SslContextFactory.Server();
    keys.setKeyStorePath(System.getProperty("keys"));
    keys.setKeyStorePassword("changeit");
    keys.setKeyStoreType("PKCS12");
    HttpConfiguration configuration = new HttpConfiguration();
    configuration.addCustomizer(new SecureRequestCustomizer());
    return new ServerConnector(
        server,
        new SslConnectionFactory(keys, "http/1.1"),
        new HttpConnectionFactory(configuration));
  }
}
