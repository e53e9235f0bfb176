package io.sonde.exporters.otlp;

import java.io.IOException;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How often and when one export is attempted: as OpenTelemetry's exporters do, but that no pause is
 * begun which the export's time would cut short. What a receiver asks for is then up to whoever
 * exports.
 */
final class Retries {
  /** All attempts, the first one included. */
  static final int ATTEMPTS = 5;

  /** By how much the pause grows. */
  static final double GROWTH = 1.5;

  static final long LONGEST_PAUSE_MILLIS = 5000;

  private static final long MILLI = 1_000_000;

  private final long firstPauseMillis;
  private final When when;
  final Time time;

  /** Decides whether to try again. */
  interface When {
    /** Whether the next attempt may have more luck than this one. */
    boolean passes(IOException failure);

    /** Whether there is time for a pause. */
    default boolean waits() {
      return true;
    }
  }

  /** One request. */
  interface Exchange<R extends Reply> {
    /** Makes it within so many nanoseconds. */
    R attempt(long nanos) throws IOException;
  }

  Retries(long firstPauseMillis, When when) {
    this(firstPauseMillis, when, Time.OF_THE_JVM);
  }

  Retries(long firstPauseMillis, When when, Time time) {
    this.firstPauseMillis = firstPauseMillis;
    this.when = when;
    this.time = time;
  }

  /** One attempt, and no other. */
  static Retries none() {
    When never =
        new When() {
          @Override
          public boolean passes(IOException failure) {
            return false;
          }

          @Override
          public boolean waits() {
            return false;
          }
        };
    return new Retries(0, never);
  }

  /** Makes the exchange, several times if need be, and returns the last answer. */
  <R extends Reply> R make(Exchange<R> exchange, long timeoutMillis) throws IOException {
    long deadline = time.nanos() + timeoutMillis * MILLI;
    double pause = firstPauseMillis;
    for (int attempt = 1; ; attempt++) {
      boolean last = attempt == ATTEMPTS;
      long wanted = (long) (pause * (0.8 + 0.4 * ThreadLocalRandom.current().nextDouble()));
      try {
        R answer = exchange.attempt(deadline - time.nanos());
        long asked = answer.askedMillis();
        if (last || !answer.passes() || !pause(asked > 0 ? asked : wanted, deadline)) {
          return answer;
        }
      } catch (IOException e) {
        if (last || !when.passes(e) || !pause(wanted, deadline)) {
          throw e;
        }
      }
      pause = Math.min(pause * GROWTH, LONGEST_PAUSE_MILLIS);
    }
  }

  /** Waits before the next attempt; false where there is no time for one. */
  private boolean pause(long millis, long deadline) {
    long until = time.nanos() + millis * MILLI;
    if (until - deadline >= 0) {
      return false;
    }
    for (long left = millis * MILLI; left > 0; left = until - time.nanos()) {
      if (!when.waits()) {
        return false;
      }
      time.park(this, left);
      // It has done what it can.
      Thread.interrupted();
    }
    return when.waits();
  }

  /** The answers by HTTP that say so themselves. */
  static boolean passes(int status) {
    return status == 429 || status == 502 || status == 503 || status == 504;
  }
}
