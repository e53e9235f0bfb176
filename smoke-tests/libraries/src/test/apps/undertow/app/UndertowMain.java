package app;

import io.undertow.Handlers;
import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import io.undertow.servlet.Servlets;
import io.undertow.servlet.api.DeploymentInfo;
import io.undertow.servlet.api.DeploymentManager;
import io.undertow.servlet.api.ServletInfo;
import java.io.FileInputStream;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.security.KeyStore;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** Undertow with the application at {@code /shop}, with TLS too. */
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
            .addHttpsListener(0, "localhost", keys())
            .setServerOption(UndertowOptions.ENABLE_HTTP2, true)
            .setHandler(Handlers.path().addPrefixPath("/shop", manager.start()))
            .build();
    server.start();
    System.out.println("TLS " + port(server, 1));
    System.out.println("READY " + port(server, 0));
  }

  private static int port(Undertow server, int listener) {
    return ((InetSocketAddress) server.getListenerInfo().get(listener).getAddress()).getPort();
  }

  private static SSLContext keys() throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = new FileInputStream(System.getProperty("keys"))) {
      store.load(in, "changeit".toCharArray());
    }
    KeyManagerFactory keys =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, "changeit".toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    return context;
  }
}
