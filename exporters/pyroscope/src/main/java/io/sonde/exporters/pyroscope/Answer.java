package io.sonde.exporters.pyroscope;

import io.sonde.core.Complaints;
import io.sonde.core.Delivery.Outcome;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.time.Instant;
import javax.net.ssl.SSLException;
import okhttp3.Response;
import okio.Buffer;
import okio.BufferedSource;

/** What became of one attempt: as an outcome to count, in words, and when to come again. */
final class Answer {
  private static final long LONGEST_WAIT_MILLIS = 600_000;

  final Outcome outcome;
  final String text;

  /** How long the server asks to wait; 0 where it does not. */
  final long waitMillis;

  /** Whether the request is at fault, maybe by one of its profiles. */
  final boolean content;

  private Answer(Outcome outcome, String text, long waitMillis, boolean content) {
    this.outcome = outcome;
    this.text = text;
    this.waitMillis = waitMillis;
    this.content = content;
  }

  static Answer of(Response response, boolean push) throws IOException {
    int status = response.code();
    String body = beginning(response);
    if (status >= 200 && status < 300) {
      return body.startsWith("<")
          ? new Answer(Outcome.REFUSED, "a web page answers, not Pyroscope", 0, false)
          : new Answer(Outcome.EXPORTED, "", 0, false);
    }
    String said = body.startsWith("<") ? "a web page" : Complaints.line(body);
    StringBuilder text = new StringBuilder().append("it answers status ").append(status);
    if (!said.isEmpty()) {
      text.append(" (").append(said).append(')');
    }
    if (status == 404 && push) {
      text.append("; a server without push.v1 takes SONDE_PYROSCOPE_ENDPOINT=ingest");
    }
    boolean passing = status == 408 || status == 429 || status >= 500 && status != 501;
    return new Answer(
        passing ? Outcome.UNAVAILABLE : Outcome.REFUSED,
        text.toString(),
        retryAfter(response),
        status == 400 || status == 413 || status == 422);
  }

  private static String beginning(Response response) throws IOException {
    BufferedSource source = response.body().source();
    Buffer buffer = new Buffer();
    while (buffer.size() < 4096 && source.read(buffer, 4096 - buffer.size()) > 0) {
      // reads on
    }
    return buffer.readUtf8().trim();
  }

  private static long retryAfter(Response response) {
    String value = response.header("Retry-After");
    if (value == null) {
      return 0;
    }
    long millis;
    try {
      millis = Math.multiplyExact(Long.parseLong(value.trim()), 1000L);
    } catch (NumberFormatException e) {
      Instant date = response.headers().getInstant("Retry-After");
      millis = date == null ? 0 : date.toEpochMilli() - System.currentTimeMillis();
    } catch (ArithmeticException e) {
      millis = LONGEST_WAIT_MILLIS;
    }
    return Math.max(0, Math.min(LONGEST_WAIT_MILLIS, millis));
  }

  static Answer of(IOException thrown) {
    if (thrown instanceof InterruptedIOException) {
      return new Answer(Outcome.TIMEOUT, "no answer in time", 0, false);
    }
    if (thrown instanceof ConnectException) {
      return new Answer(Outcome.UNREACHABLE, "nothing listens there", 0, false);
    }
    if (thrown instanceof UnknownHostException) {
      return new Answer(Outcome.UNREACHABLE, "the host is not known", 0, false);
    }
    String message = Complaints.line(thrown.getMessage());
    if (thrown instanceof SSLException) {
      return new Answer(Outcome.UNREACHABLE, "TLS fails (" + message + ")", 0, false);
    }
    return new Answer(Outcome.UNREACHABLE, message, 0, false);
  }

  /** There was no attempt, and never will be. */
  static Answer impossible(String why) {
    return new Answer(Outcome.FAILED, Complaints.line(why), 0, false);
  }
}
