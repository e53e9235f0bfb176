package io.sonde.exporters.otlp;

import io.opentelemetry.sdk.common.export.RetryPolicy;
import java.io.IOException;
import java.time.Duration;

/** How often and when one export is attempted: as OpenTelemetry's exporters do. */
final class Retries {
  /** All attempts, the first one included. */
  static final int ATTEMPTS = 5;

  /** By how much the pause grows. */
  static final double GROWTH = 1.5;

  static final long LONGEST_PAUSE_MILLIS = 5000;

  final long firstPauseMillis;
  private final When when;

  /** Decides whether to try again. */
  interface When {
    /** Whether the next attempt may have more luck than this one. */
    boolean passes(IOException failure);

    /** Whether there is time for a pause. */
    default boolean waits() {
      return true;
    }
  }

  Retries(long firstPauseMillis, When when) {
    this.firstPauseMillis = firstPauseMillis;
    this.when = when;
  }

  boolean passes(IOException failure) {
    return when.passes(failure);
  }

  boolean waits() {
    return when.waits();
  }

  /** The answers that say so themselves. */
  static boolean passes(int status) {
    return status == 429 || status == 502 || status == 503 || status == 504;
  }

  /** The same for OpenTelemetry's senders. */
  RetryPolicy policy() {
    return RetryPolicy.builder()
        .setMaxAttempts(ATTEMPTS)
        .setInitialBackoff(Duration.ofMillis(firstPauseMillis))
        .setMaxBackoff(Duration.ofMillis(LONGEST_PAUSE_MILLIS))
        .setBackoffMultiplier(GROWTH)
        .setRetryExceptionPredicate(this::passes)
        .build();
  }
}
