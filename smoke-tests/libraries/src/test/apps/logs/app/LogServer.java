package app;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.apache.catalina.Context;
import org.apache.catalina.startup.Tomcat;

/** A server whose requests log what their path names. */
final class LogServer extends HttpServlet {
  private static final long serialVersionUID = 1;

  private final transient Logging logging;
  private final transient BlockingQueue<String> outside = new LinkedBlockingQueue<>();

  /** What a request may log. */
  interface Logging {
    /** Logs this text at level info. */
    void message(String text);

    /** Logs this text while the application's own context has this key. */
    void withOwn(String key, String value, String text);

    /** Anything else that is particular to the library. */
    void special(String name);
  }

  private LogServer(Logging logging) {
    this.logging = logging;
  }

  static void start(Logging logging) throws Exception {
    LogServer servlet = new LogServer(logging);
    Thread thread = new Thread(servlet::logOutside, "outside");
    thread.setDaemon(true);
    thread.start();
    File folder = Files.createTempDirectory("tomcat").toFile();
    Tomcat tomcat = new Tomcat();
    tomcat.setBaseDir(folder.getPath());
    tomcat.setPort(0);
    tomcat.getConnector();
    Context context = tomcat.addContext("", folder.getPath());
    Tomcat.addServlet(context, "log", servlet);
    context.addServletMappingDecoded("/*", "log");
    tomcat.start();
    System.out.println("READY " + tomcat.getConnector().getLocalPort());
    tomcat.getServer().await();
  }

  private void logOutside() {
    try {
      while (true) {
        logging.message(outside.take());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    String path = request.getPathInfo().substring(1);
    if (path.startsWith("outside")) {
      outside.add(path);
    } else if (path.startsWith("own")) {
      logging.withOwn(request.getParameter("key"), request.getParameter("value"), path);
    } else if (path.startsWith("special")) {
      logging.special(path);
    } else {
      logging.message(path);
    }
    response.getWriter().print("done");
  }
}
