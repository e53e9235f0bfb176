package app;

import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import javax.servlet.AsyncContext;
import javax.servlet.AsyncEvent;
import javax.servlet.AsyncListener;
import javax.servlet.ServletException;
import javax.servlet.ServletRequest;
import javax.servlet.ServletResponse;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;

/** Everything that can happen to a request, one path each. */
public class Scenario extends HttpServlet {
  /** The paths that the server has to map, each by itself. */
  public static final String[] MAPPINGS = {
    "/hello",
    "/files/*",
    "*.do",
    "/status",
    "/send-error",
    "/fail",
    "/wrapped",
    "/large",
    "/forward",
    "/async",
    "/async-start",
    "/async-dispatch",
    "/async-fail",
    "/async-large",
    "/async-timeout",
    "/async-timeout-handled"
  };

  private static final ExecutorService POOL =
      Executors.newFixedThreadPool(
          2,
          new ThreadFactory() {
            @Override
            public Thread newThread(Runnable task) {
              Thread thread = new Thread(task);
              thread.setDaemon(true);
              return thread;
            }
          });

  @Override
  protected void service(final HttpServletRequest request, HttpServletResponse response)
      throws ServletException, IOException {
    response.setHeader("x-trace", Ids.current());
    switch (request.getServletPath()) {
      case "/status":
        response.setStatus(Integer.parseInt(request.getParameter("code")));
        return;
      case "/send-error":
        response.sendError(Integer.parseInt(request.getParameter("code")));
        return;
      case "/fail":
        throw new IllegalStateException("on purpose");
      case "/wrapped":
        throw new ServletException("outside", new IllegalArgumentException("inside"));
      case "/large":
        large(response.getOutputStream());
        return;
      case "/forward":
        request.getRequestDispatcher("/hello").forward(request, response);
        return;
      default:
        if (request.getServletPath().startsWith("/async")) {
          async(request);
        } else {
          sleep(request);
          text(response);
        }
    }
  }

  private static void async(HttpServletRequest request) {
    final AsyncContext async = request.startAsync();
    final String path = request.getServletPath();
    async.setTimeout(path.startsWith("/async-timeout") ? 200 : 30000);
    Runnable later =
        new Runnable() {
          @Override
          public void run() {
            finish(async, path);
          }
        };
    if (path.equals("/async-start")) {
      async.start(later);
    } else if (path.equals("/async-timeout-handled")) {
      async.addListener(new Handler());
    } else if (!path.equals("/async-timeout")) {
      POOL.execute(later);
    }
  }

  private static void finish(AsyncContext async, String path) {
    try {
      Thread.sleep(50);
      if (path.equals("/async-dispatch")) {
        async.dispatch("/hello");
      } else if (path.equals("/async-fail")) {
        async.dispatch("/fail");
      } else if (path.equals("/async-large")) {
        try {
          large(async.getResponse().getOutputStream());
        } finally {
          async.complete();
        }
      } else {
        HttpServletResponse response = (HttpServletResponse) async.getResponse();
        response.setHeader("x-trace-later", Ids.current());
        text(response);
        async.complete();
      }
    } catch (Exception e) {
      e.printStackTrace();
    }
  }

  private static void sleep(HttpServletRequest request) {
    String millis = request.getParameter("sleep");
    if (millis != null) {
      try {
        Thread.sleep(Long.parseLong(millis));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static void text(ServletResponse response) throws IOException {
    response.setContentType("text/plain");
    response.getOutputStream().write("hello".getBytes("UTF-8"));
  }

  /** More than any socket buffer takes, so that a client that leaves is noticed. */
  private static void large(OutputStream out) throws IOException {
    byte[] block = new byte[65536];
    for (int i = 0; i < 2000; i++) {
      out.write(block);
    }
  }

  /** Answers a timeout itself. */
  private static final class Handler implements AsyncListener {
    @Override
    public void onTimeout(AsyncEvent event) throws IOException {
      HttpServletResponse response = (HttpServletResponse) event.getAsyncContext().getResponse();
      response.setStatus(504);
      response.setHeader("x-trace-later", Ids.current());
      text(response);
      event.getAsyncContext().complete();
    }

    @Override
    public void onComplete(AsyncEvent event) {}

    @Override
    public void onError(AsyncEvent event) {}

    @Override
    public void onStartAsync(AsyncEvent event) {}
  }
}
