package io.sonde.exporters.otlp;

import io.sonde.core.Delivery;

/**
 * Says what goes wrong with the export, all of it in one line that comes once a minute at most, and
 * then less often.
 */
final class Complaints {
  private static final long MINUTE = 60_000_000_000L;
  private static final long HOUR = 60 * MINUTE;

  private final SpanExporter.Surroundings surroundings;
  private final Target target;
  private final Delivery delivery;
  private long lastSaid;
  private long interval;
  private long lostThen;
  private boolean partialSaid;

  Complaints(SpanExporter.Surroundings surroundings, Target target, Delivery delivery) {
    this.delivery = delivery;
    this.surroundings = surroundings;
    this.target = target;
  }

  /** An attempt or a batch failed. */
  void about(String problem) {
    if (due()) {
      say("spans do not reach " + target + ": " + problem + lost());
    }
  }

  /** A batch arrived; what was lost before may still be unsaid. */
  void summary() {
    if (delivery.lost() != lostThen && due()) {
      say("spans reach " + target + " again, or not all of them did" + lost());
    }
  }

  /** The receiver took a request without some of its spans, or with a remark. */
  void partial(long rejected, String message) {
    if (!partialSaid && (rejected > 0 || !message.isEmpty())) {
      partialSaid = true;
      surroundings.warn(
          target
              + (rejected > 0 ? " rejected " + rejected + " spans of a batch: " : " warns: ")
              + message
              + " (said once)");
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
    int waiting = delivery.waiting();
    return (losses.isEmpty() ? "" : "; lost since the start: " + losses)
        + (waiting > 0 ? "; " + waiting + " wait" : "");
  }
}
