package io.sonde.exporters.otlp;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/** Reads what receivers answer, by the OTLP specification. */
final class Answers {
  private static final long MAX_RETRY_AFTER_NANOS = 300_000_000_000L;
  private static final int MAX_MESSAGE = 200;

  private Answers() {}

  static Answer ofHttp(HttpResponse response) {
    int status = response.status;
    if (status >= 200 && status < 300) {
      return accepted(response.body, 0);
    }
    if (status == 429 || status == 502 || status == 503 || status == 504) {
      return Answer.unavailable(said(response), retryAfterNanos(response.retryAfter));
    }
    return Answer.refused(said(response));
  }

  private static String said(HttpResponse response) {
    if (response.location != null && response.status < 400) {
      return "status " + response.status + ", it redirects to " + printable(response.location);
    }
    // A google.rpc.Status in protobuf where the receiver keeps to the specification, else whatever
    // is there.
    String message = new Fields(response.body, 0).text(2);
    if (message == null) {
      message = new String(response.body, StandardCharsets.UTF_8).trim();
    }
    return "status " + response.status + (message.isEmpty() ? "" : " (" + printable(message) + ")");
  }

  /** An ExportTraceServiceResponse that begins at {@code from}; an empty one accepts everything. */
  static Answer accepted(byte[] body, int from) {
    byte[] partial = new Fields(body, from).bytes(1);
    if (partial == null) {
      return Answer.accepted(0, null);
    }
    long rejected = Math.max(0, new Fields(partial, 0).number(1));
    String message = new Fields(partial, 0).text(2);
    return Answer.accepted(rejected, message == null ? null : printable(message));
  }

  /** Seconds or a date; -1 for neither. */
  static long retryAfterNanos(@Nullable String value) {
    if (value == null) {
      return -1;
    }
    long nanos;
    try {
      nanos = Math.multiplyExact(Long.parseLong(value.trim()), 1_000_000_000L);
    } catch (ArithmeticException e) {
      nanos = MAX_RETRY_AFTER_NANOS;
    } catch (NumberFormatException e) {
      nanos = untilDate(value);
    }
    return nanos < 0 ? -1 : Math.min(nanos, MAX_RETRY_AFTER_NANOS);
  }

  private static long untilDate(String value) {
    try {
      Instant then = ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      return Math.max(0, Duration.between(Instant.now(), then).toMillis()) * 1_000_000;
    } catch (DateTimeException | ArithmeticException e) {
      return -1;
    }
  }

  /** One short line of it. */
  static String printable(String text) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < text.length() && line.length() < MAX_MESSAGE; i++) {
      char c = text.charAt(i);
      line.append(Character.isISOControl(c) || c == 0xFFFD ? ' ' : c);
    }
    return line.toString().trim();
  }
}
