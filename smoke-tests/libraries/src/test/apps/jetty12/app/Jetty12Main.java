package app;

import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.ENV.servlet.ServletContextHandler;
import org.eclipse.jetty.ENV.servlet.ServletHolder;

/** Jetty with the application at {@code /shop}. */
public final class Jetty12Main {
  private Jetty12Main() {}

  public static void main(String[] args) throws Exception {
    Server server = new Server();
    HttpConfiguration configuration = new HttpConfiguration();
    ServerConnector connector =
        new ServerConnector(
            server,
            new HttpConnectionFactory(configuration),
            new HTTP2CServerConnectionFactory(configuration));
    server.addConnector(connector);
    ServletContextHandler context = new ServletContextHandler();
    context.setContextPath("/shop");
    ServletHolder holder = new ServletHolder("scenario", new Scenario());
    holder.setAsyncSupported(true);
    for (String mapping : Scenario.MAPPINGS) {
      context.addServlet(holder, mapping);
    }
    server.setHandler(context);
    server.start();
    System.out.println("READY " + connector.getLocalPort());
    server.join();
  }
}
