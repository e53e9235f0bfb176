package io.sonde.agent;

import java.util.HashSet;
import java.util.Set;

/**
 * What the agent says: lines on stderr with the prefix {@code [sonde]}, each cause once, never more
 * than a few.
 */
public final class Log {
  private static final int MAX_CAUSES = 200;

  private final int level;
  private final Set<String> said = new HashSet<>();

  /** A log of this level: off, warn, info or debug. */
  public Log(String level) {
    this.level = "off".equals(level) ? 0 : "info".equals(level) ? 2 : "debug".equals(level) ? 3 : 1;
  }

  /** Something is not as the user wants it. */
  public void warn(String line) {
    if (level >= 1) {
      once(line);
    }
  }

  /** Something worth knowing. */
  public void info(String line) {
    if (level >= 2) {
      once(line);
    }
  }

  private void once(String line) {
    synchronized (said) {
      if (said.size() >= MAX_CAUSES || !said.add(line)) {
        return;
      }
    }
    System.err.println("[sonde] " + line);
  }
}
