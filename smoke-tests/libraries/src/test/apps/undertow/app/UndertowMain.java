package app;

import io.undertow.Handlers;
import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import io.undertow.servlet.Servlets;
import io.undertow.servlet.api.DeploymentInfo;
import io.undertow.servlet.api.DeploymentManager;
import io.undertow.servlet.api.ServletInfo;
import java.net.InetSocketAddress;

/** Undertow with the application at {@code /shop}. */
public final class UndertowMain {
  private UndertowMain() {}

  public static void main(String[] args) throws Exception {
    ServletInfo servlet = Servlets.servlet("scenario", Scenario.class).setAsyncSupported(true);
    for (String mapping : Scenario.MAPPINGS) {
      servlet.addMapping(mapping);
    }
    DeploymentInfo shop =
        Servlets.deployment()
            .setClassLoader(UndertowMain.class.getClassLoader())
            .setContextPath("/shop")
            .setDeploymentName("shop")
            .addServlet(servlet);
    DeploymentManager manager = Servlets.defaultContainer().addDeployment(shop);
    manager.deploy();
    Undertow server =
        Undertow.builder()
            .addHttpListener(0, "localhost")
            .setServerOption(UndertowOptions.ENABLE_HTTP2, true)
            .setHandler(Handlers.path().addPrefixPath("/shop", manager.start()))
            .build();
    server.start();
    InetSocketAddress address =
        (InetSocketAddress) server.getListenerInfo().get(0).getAddress();
    System.out.println("READY " + address.getPort());
  }
}
