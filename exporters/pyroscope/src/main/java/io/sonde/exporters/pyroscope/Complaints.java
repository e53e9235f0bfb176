package io.sonde.exporters.pyroscope;

import io.sonde.core.Delivery;

/**
 * Says what goes wrong with the uploads, all of it in one line that comes once a minute at most,
 * and then less often.
 */
final class Complaints {
  private static final long MINUTE = 60_000_000_000L;
  private static final long HOUR = 60 * MINUTE;

  private final PyroscopeExporter.Surroundings surroundings;
  private final Server server;
  private final Delivery delivery;
  private final Backlog backlog;
  private long lastSaid;
  private long interval;
  private long lostThen;

  Complaints(
      PyroscopeExporter.Surroundings surroundings,
      Server server,
      Delivery delivery,
      Backlog backlog) {
    this.surroundings = surroundings;
    this.server = server;
    this.delivery = delivery;
    this.backlog = backlog;
  }

  /** An attempt failed. */
  void about(String problem) {
    if (due()) {
      say("profiles do not reach " + server + ": " + problem + lost());
    }
  }

  /** An upload arrived; what was lost before may still be unsaid. */
  void summary() {
    if (delivery.lost() != lostThen && due()) {
      say("profiles reach " + server + " again, or not all of them did" + lost());
    }
  }

  private boolean due() {
    return interval == 0 || System.nanoTime() - lastSaid >= interval;
  }

  private void say(String line) {
    lastSaid = System.nanoTime();
    lostThen = delivery.lost();
    interval = Math.min(HOUR, interval == 0 ? MINUTE : interval * 2);
    surroundings.warn(line);
  }

  private String lost() {
    String losses = delivery.losses();
    int waiting = backlog.profiles();
    return (losses.isEmpty() ? "" : "; lost since the start: " + losses)
        + (waiting > 0 ? "; " + waiting + " wait" : "");
  }
}
