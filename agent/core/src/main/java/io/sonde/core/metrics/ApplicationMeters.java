package io.sonde.core.metrics;

/**
 * Which meters of Spring's names the application exports by itself, so that the agent does not show
 * them a second time.
 */
public final class ApplicationMeters {
  /** What Spring's names of HTTP requests are, answered and sent. */
  public static final String SERVER = "http.server.requests";

  public static final String CLIENT = "http.client.requests";

  private static volatile boolean server;
  private static volatile boolean client;

  private ApplicationMeters() {}

  /** The application has a meter of that name where a backend reads it. */
  public static void exported(String name) {
    if (name.equals(SERVER)) {
      server = true;
    } else if (name.equals(CLIENT)) {
      client = true;
    }
  }

  /** Whether it exports the requests that it answers. */
  public static boolean server() {
    return server;
  }

  /** Whether it exports the requests that it sends. */
  public static boolean client() {
    return client;
  }
}
