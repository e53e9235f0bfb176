package app;

import java.io.File;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.DriverManager;
import org.apache.catalina.Context;
import org.apache.catalina.Wrapper;
import org.apache.catalina.startup.Tomcat;

/** Tomcat with {@link Requests}; a request to {@code /stop} ends it. */
public final class TruthMain {
  private TruthMain() {}

  /** Prints READY and the port. */
  public static void main(String[] args) throws Exception {
    try (Connection connection =
        DriverManager.getConnection("jdbc:h2:mem:truth;DB_CLOSE_DELAY=-1")) {
      for (String name : new String[] {"BURN_A", "BURN_B"}) {
        connection
            .createStatement()
            .execute("CREATE ALIAS " + name + " FOR \"app.Requests.burn\"");
      }
    }
    File folder = Files.createTempDirectory("tomcat").toFile();
    Tomcat tomcat = new Tomcat();
    tomcat.setBaseDir(folder.getPath());
    tomcat.setPort(0);
    tomcat.getConnector().setProperty("maxThreads", "8");
    Context context = tomcat.addContext("", folder.getPath());
    Runnable stop = () -> new Thread(() -> System.exit(0)).start();
    Wrapper wrapper = Tomcat.addServlet(context, "requests", new Requests(stop));
    wrapper.setAsyncSupported(true);
    for (String kind : "nested pool futures virtual reactor async client called stop".split(" ")) {
      wrapper.addMapping("/" + kind + "/*");
    }
    tomcat.start();
    System.out.println("READY " + tomcat.getConnector().getLocalPort());
    tomcat.getServer().await();
  }
}
