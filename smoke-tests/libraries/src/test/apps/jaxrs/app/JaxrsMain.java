package app;

import java.io.File;
import java.nio.file.Files;
import org.apache.catalina.Context;
import org.apache.catalina.Wrapper;
import org.apache.catalina.startup.Tomcat;

/** Tomcat with a JAX-RS servlet, named by the first argument, at {@code /shop/api}. */
public final class JaxrsMain {
  private JaxrsMain() {}

  public static void main(String[] args) throws Exception {
    File folder = Files.createTempDirectory("tomcat").toFile();
    Tomcat tomcat = new Tomcat();
    tomcat.setBaseDir(folder.getPath());
    tomcat.setPort(0);
    Context context = tomcat.addContext("/shop", folder.getPath());
    Wrapper wrapper = Tomcat.addServlet(context, "rest", args[0]);
    wrapper.setAsyncSupported(true);
    wrapper.setLoadOnStartup(1);
    wrapper.addInitParameter("javax.ws.rs.Application", Rest.class.getName());
    wrapper.addInitParameter("resteasy.servlet.mapping.prefix", "/api");
    wrapper.addMapping("/api/*");
    tomcat.start();
    System.out.println("READY " + tomcat.getConnector().getLocalPort());
    tomcat.getServer().await();
  }
}
