package app;

import java.io.File;
import java.nio.file.Files;
import org.apache.catalina.Context;
import org.apache.catalina.Wrapper;
import org.apache.catalina.startup.Tomcat;

/** Embedded Tomcat with the application at {@code /shop}. */
public final class TomcatMain {
  private TomcatMain() {}

  public static void main(String[] args) throws Exception {
    File folder = Files.createTempDirectory("tomcat").toFile();
    Tomcat tomcat = new Tomcat();
    tomcat.setBaseDir(folder.getPath());
    tomcat.setPort(0);
    tomcat.getConnector().addUpgradeProtocol(new org.apache.coyote.http2.Http2Protocol());
    Context context = tomcat.addContext("/shop", folder.getPath());
    Wrapper wrapper = Tomcat.addServlet(context, "scenario", new Scenario());
    wrapper.setAsyncSupported(true);
    for (String mapping : Scenario.MAPPINGS) {
      wrapper.addMapping(mapping);
    }
    tomcat.start();
    System.out.println("READY " + tomcat.getConnector().getLocalPort());
    tomcat.getServer().await();
  }
}
