package app;

import java.lang.reflect.Field;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.apache.logging.log4j.ThreadContext;
import org.apache.logging.log4j.core.async.AsyncLoggerContext;

/** Logs through Log4j. */
public final class Log4jMain implements LogServer.Logging {
  private static final Logger LOGGER = LogManager.getLogger("app");

  private Log4jMain() {}

  public static void main(String[] args) throws Exception {
    Field map = ThreadContext.class.getDeclaredField("contextMap");
    map.setAccessible(true);
    System.out.println(
        "MODE "
            + map.get(null).getClass().getSimpleName()
            + ' '
            + (LogManager.getContext(false) instanceof AsyncLoggerContext));
    LogServer.start(new Log4jMain());
  }

  @Override
  public void message(String text) {
    LOGGER.info(text);
  }

  @Override
  public void withOwn(String key, String value, String text) {
    ThreadContext.put(key, value);
    try {
      LOGGER.info(text);
    } finally {
      ThreadContext.remove(key);
    }
  }

  @Override
  public void special(String name) {
    LogManager.getLogger("serialized").info(name);
  }
}
