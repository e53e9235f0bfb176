package io.sonde.agent;

import io.sonde.core.Messages;
import java.util.HashSet;
import java.util.Set;

/**
 * What the agent says: lines on stderr with the prefix {@code [sonde]}, each cause once, never more
 * than a few.
 *
 * <p>Once the agent has started, a line is printed by a thread of its own: the one that has
 * something to say may be an application's in the middle of loading a class.
 */
public final class Log implements Messages {
  private static final int MAX_CAUSES = 200;

  private final boolean silent;
  private final Set<String> said = new HashSet<>();
  private volatile boolean started;

  /** A log of this level: off or warn. */
  public Log(String level) {
    silent = level.equals("off");
  }

  /** The start is over. */
  void started() {
    started = true;
  }

  /** Something is not as the user wants it. */
  @Override
  public void warn(String line) {
    try {
      if (unsaid(line)) {
        if (started) {
          printLater(line);
        } else {
          print(line);
        }
      }
    } catch (OutOfMemoryError e) {
      // Neither memory nor a thread for a line: who says it has to go on.
      forget(line);
    } catch (RuntimeException e) {
      // The application forbids threads to code that it does not know.
      if (Thread.currentThread().getThreadGroup() instanceof OwnGroup) {
        print(line);
      } else {
        forget(line);
      }
    }
  }

  @Override
  public void lastly(String line) {
    if (unsaid(line)) {
      print(line);
    }
  }

  private boolean unsaid(String line) {
    if (silent) {
      return false;
    }
    synchronized (said) {
      return said.size() < MAX_CAUSES && said.add(line);
    }
  }

  /** It was not said: the next one who may is to say it. */
  private void forget(String line) {
    synchronized (said) {
      said.remove(line);
    }
  }

  private static void print(String line) {
    System.err.println("[sonde] " + line);
  }

  private static void printLater(String line) {
    Thread thread =
        new Thread("sonde-log") {
          @Override
          public void run() {
            print(line);
          }
        };
    thread.setDaemon(true);
    thread.setContextClassLoader(null);
    thread.start();
  }
}
