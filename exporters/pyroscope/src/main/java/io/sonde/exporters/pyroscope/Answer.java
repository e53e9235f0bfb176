package io.sonde.exporters.pyroscope;

import io.sonde.core.Complaints;
import io.sonde.core.Delivery.Outcome;
import io.sonde.core.Trouble;
import java.io.IOException;
import okhttp3.Response;
import okio.Buffer;
import okio.BufferedSource;

/** What became of one attempt: as an outcome to count, in words, and when to come again. */
final class Answer {
  final Outcome outcome;
  final String text;

  /** How long the server asks to wait; 0 where it does not. */
  final long waitMillis;

  private Answer(Outcome outcome, String text, long waitMillis) {
    this.outcome = outcome;
    this.text = text;
    this.waitMillis = waitMillis;
  }

  static Answer of(Response response, Server server) throws IOException {
    int status = response.code();
    String body = beginning(response);
    if (status >= 200 && status < 300) {
      return body.startsWith("<")
          ? new Answer(Outcome.REFUSED, "a web page answers, not Pyroscope", 0)
          : new Answer(Outcome.EXPORTED, "", 0);
    }
    String said = body.startsWith("<") ? "a web page" : Complaints.line(body);
    StringBuilder text = new StringBuilder().append("it answers status ").append(status);
    if (!said.isEmpty()) {
      text.append(" (").append(said).append(')');
    }
    if (status == 404 && server.push) {
      text.append("; a server without push.v1 takes SONDE_PYROSCOPE_ENDPOINT=ingest");
    }
    // By /ingest servers before the summer of 2026 say so where a tenant sends too much a second.
    // Nobody cuts a recording, so that it may be too much each time.
    boolean limited = status == 422 && !server.jfr && body.contains("resource_exhausted");
    boolean passing = status == 408 || status == 429 || status >= 500 && status != 501 || limited;
    return new Answer(
        passing ? Outcome.UNAVAILABLE : Outcome.REFUSED,
        text.toString(),
        Trouble.retryAfterMillis(response.header("Retry-After")));
  }

  private static String beginning(Response response) throws IOException {
    BufferedSource source = response.body().source();
    Buffer buffer = new Buffer();
    while (buffer.size() < 4096 && source.read(buffer, 4096 - buffer.size()) > 0) {
      // reads on
    }
    return buffer.readUtf8().trim();
  }

  static Answer of(IOException thrown) {
    Trouble trouble = Trouble.of(thrown);
    return new Answer(trouble.outcome, trouble.text, 0);
  }

  /** There was no attempt, and never will be. */
  static Answer impossible(String why) {
    return new Answer(Outcome.FAILED, Complaints.line(why), 0);
  }
}
