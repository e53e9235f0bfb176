package app;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/** Logs through Logback. */
public final class LogbackMain implements LogServer.Logging {
  private static final Logger LOGGER = LoggerFactory.getLogger("app");

  private LogbackMain() {}

  public static void main(String[] args) throws Exception {
    LogServer.start(new LogbackMain());
  }

  @Override
  public void message(String text) {
    LOGGER.info(text);
  }

  @Override
  public void withOwn(String key, String value, String text) {
    MDC.put(key, value);
    try {
      LOGGER.info(text);
    } finally {
      MDC.remove(key);
    }
  }

  @Override
  public void special(String name) {
    LoggerFactory.getLogger("serialized").info(name);
  }
}
