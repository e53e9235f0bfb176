package app;

import java.io.File;
import java.nio.file.Files;
import org.apache.catalina.Context;
import org.apache.catalina.Wrapper;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.startup.Tomcat;
import org.apache.coyote.http2.Http2Protocol;
import org.apache.tomcat.util.net.SSLHostConfig;
import org.apache.tomcat.util.net.SSLHostConfigCertificate;

/** Embedded Tomcat with the application at {@code /shop}, with TLS and AJP too. */
public final class TomcatMain {
  private TomcatMain() {}

  public static void main(String[] args) throws Exception {
    File folder = Files.createTempDirectory("tomcat").toFile();
    Tomcat tomcat = new Tomcat();
    tomcat.setBaseDir(folder.getPath());
    tomcat.setPort(0);
    tomcat.getConnector().addUpgradeProtocol(new Http2Protocol());
    Connector secure = secure();
    tomcat.getService().addConnector(secure);
    Connector ajp = new Connector("AJP/1.3");
    ajp.setPort(0);
    ajp.setProperty("address", "127.0.0.1");
    ajp.setProperty("secretRequired", "false");
    tomcat.getService().addConnector(ajp);
    Context context = tomcat.addContext("/shop", folder.getPath());
    Wrapper wrapper = Tomcat.addServlet(context, "scenario", new Scenario());
    wrapper.setAsyncSupported(true);
    for (String mapping : Scenario.MAPPINGS) {
      wrapper.addMapping(mapping);
    }
    tomcat.start();
    System.out.println("TLS " + secure.getLocalPort());
    System.out.println("AJP " + ajp.getLocalPort());
    System.out.println("READY " + tomcat.getConnector().getLocalPort());
    tomcat.getServer().await();
  }

  private static Connector secure() {
    Connector connector = new Connector();
    connector.setPort(0);
    connector.setScheme("https");
    connector.setSecure(true);
    connector.setProperty("SSLEnabled", "true");
    SSLHostConfig host = new SSLHostConfig();
    SSLHostConfigCertificate keys =
        new SSLHostConfigCertificate(host, SSLHostConfigCertificate.Type.RSA);
    keys.setCertificateKeystoreFile(System.getProperty("keys"));
    keys.setCertificateKeystorePassword("changeit");
    keys.setCertificateKeystoreType("PKCS12");
    host.addCertificate(keys);
    connector.addSslHostConfig(host);
    connector.addUpgradeProtocol(new Http2Protocol());
    return connector;
  }
}
