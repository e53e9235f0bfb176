package io.sonde.core;

import io.sonde.core.Delivery.Outcome;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Why a request had no answer, as an outcome to count and in words; and when to come again. */
public final class Trouble {
  /** A receiver that asks for a longer wait is asked again after this one. */
  public static final long LONGEST_WAIT_MILLIS = 600_000;

  public final Outcome outcome;
  public final String text;

  /** Whether the text is all that is known, since nothing says what it was. */
  public final boolean unclear;

  private Trouble(Outcome outcome, String text, boolean unclear) {
    this.outcome = outcome;
    this.text = text;
    this.unclear = unclear;
  }

  /** What {@code thrown} says. */
  public static Trouble of(@Nullable Throwable thrown) {
    if (thrown instanceof InterruptedIOException) {
      return new Trouble(Outcome.TIMEOUT, "no answer in time", false);
    }
    if (thrown instanceof ConnectException) {
      return new Trouble(Outcome.UNREACHABLE, "nothing listens there", false);
    }
    if (thrown instanceof UnknownHostException) {
      return new Trouble(Outcome.UNREACHABLE, "the host is not known", false);
    }
    String message = thrown == null ? "" : Complaints.line(thrown.getMessage());
    return thrown instanceof SSLException
        ? new Trouble(Outcome.UNREACHABLE, "TLS fails (" + message + ")", false)
        : new Trouble(Outcome.UNREACHABLE, message, true);
  }

  /** How long the value of Retry-After asks to wait, ten minutes at most; 0 where it does not. */
  public static long retryAfterMillis(@Nullable String value) {
    if (value == null) {
      return 0;
    }
    long millis;
    try {
      millis = Math.multiplyExact(Long.parseLong(value.trim()), 1000L);
    } catch (NumberFormatException e) {
      millis = date(value.trim()) - System.currentTimeMillis();
    } catch (ArithmeticException e) {
      millis = LONGEST_WAIT_MILLIS;
    }
    return Math.max(0, Math.min(LONGEST_WAIT_MILLIS, millis));
  }

  private static long date(String text) {
    try {
      return Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(text)).toEpochMilli();
    } catch (DateTimeException e) {
      return 0;
    }
  }
}
