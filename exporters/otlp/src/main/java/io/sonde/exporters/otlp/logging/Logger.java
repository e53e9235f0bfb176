package io.sonde.exporters.otlp.logging;

/**
 * Takes what the shaded libraries log and drops it; has the methods that they call, and no more.
 */
public final class Logger {
  private static final Logger ONE = new Logger();

  private Logger() {}

  /** The logger of any name. */
  public static Logger getLogger(String name) {
    return ONE;
  }

  /** Never. */
  public boolean isLoggable(Level level) {
    return false;
  }

  /** Drops it. */
  public void log(Level level, String message) {}

  /** Drops it. */
  public void log(Level level, String message, Throwable thrown) {}

  /** Drops it. */
  public void log(Level level, String message, Object[] values) {}

  /** Drops it. */
  public void fine(String message) {}

  /** Drops it. */
  public void info(String message) {}

  /** Drops it. */
  public void warning(String message) {}
}
