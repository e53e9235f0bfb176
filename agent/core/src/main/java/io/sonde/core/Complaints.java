package io.sonde.core;

import org.jspecify.annotations.Nullable;

/**
 * Says what goes wrong with an export, all of it in one line that comes once a minute at most, and
 * then less often. Used by the exporter's thread alone, but for {@link #unsaid}.
 */
public final class Complaints {
  private static final long MINUTE = 60_000_000_000L;
  private static final long HOUR = 60 * MINUTE;
  private static final int MAX_LINE = 200;

  private final Messages messages;
  private final String what;
  private final Object receiver;
  private final Delivery delivery;
  private final Waiting queue;
  private long lastSaid;
  private long interval;
  private volatile long lostThen;

  /** What waits for its export. */
  public interface Waiting {
    /** How many of them. */
    int waiting();
  }

  /** Complains of {@code what}, such as "spans", that does not reach {@code receiver}. */
  public Complaints(
      Messages messages, String what, Object receiver, Delivery delivery, Waiting queue) {
    this.messages = messages;
    this.what = what;
    this.receiver = receiver;
    this.delivery = delivery;
    this.queue = queue;
  }

  /** An attempt failed. */
  public void about(String problem) {
    if (due()) {
      say(what + " do not reach " + receiver + ": " + problem + lost());
    }
  }

  /** A request arrived; what was lost before may still be unsaid. */
  public void summary() {
    if (delivery.lost() != lostThen && due()) {
      say(what + " reach " + receiver + " again, or not all of them did" + lost());
    }
  }

  /** How many were lost since the last line. */
  public long unsaid() {
    return delivery.lost() - lostThen;
  }

  private boolean due() {
    return interval == 0 || System.nanoTime() - lastSaid >= interval;
  }

  private void say(String line) {
    lastSaid = System.nanoTime();
    lostThen = delivery.lost();
    interval = Math.min(HOUR, interval == 0 ? MINUTE : interval * 2);
    messages.warn(line);
  }

  private String lost() {
    String losses = delivery.losses();
    int waiting = queue.waiting();
    return (losses.isEmpty() ? "" : "; lost since the start: " + losses)
        + (waiting > 0 ? "; " + waiting + " wait" : "");
  }

  /** One short line of what somebody else said. */
  public static String line(@Nullable String text) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; text != null && i < text.length() && line.length() < MAX_LINE; i++) {
      char c = text.charAt(i);
      line.append(Character.isISOControl(c) || c == 0xFFFD ? ' ' : c);
    }
    return line.toString().trim();
  }
}
