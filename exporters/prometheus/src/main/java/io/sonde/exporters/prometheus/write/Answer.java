package io.sonde.exporters.prometheus.write;

import io.sonde.core.Complaints;
import io.sonde.core.Delivery.Outcome;
import io.sonde.core.Trouble;
import java.io.IOException;
import okhttp3.Response;
import okio.Buffer;
import okio.BufferedSource;
import org.jspecify.annotations.Nullable;

/** What became of one attempt: as an outcome to count, in words, and when to come again. */
final class Answer {
  private static final String WRITTEN = "X-Prometheus-Remote-Write-";

  final Outcome outcome;
  final String text;

  /** The status; 0 where there was no answer. */
  final int status;

  /** How many samples the receiver says it wrote; -1 where it does not say. */
  final long written;

  /** How long the receiver asks to wait; 0 where it does not. */
  final long waitMillis;

  private Answer(Outcome outcome, String text, int status, long written, long waitMillis) {
    this.outcome = outcome;
    this.text = text;
    this.status = status;
    this.written = written;
    this.waitMillis = waitMillis;
  }

  static Answer of(Response response) throws IOException {
    int status = response.code();
    String body = beginning(response);
    long written = written(response);
    if (status >= 200 && status < 300) {
      return body.startsWith("<")
          ? new Answer(Outcome.REFUSED, "a web page answers, not a receiver", status, -1, 0)
          : new Answer(Outcome.EXPORTED, "", status, written, 0);
    }
    String said = body.startsWith("<") ? "a web page" : Complaints.line(body);
    String text = "it answers status " + status + (said.isEmpty() ? "" : " (" + said + ')');
    return new Answer(
        status == 429 || status >= 500 ? Outcome.UNAVAILABLE : Outcome.REFUSED,
        text,
        status,
        written,
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

  private static long written(Response response) {
    String samples = response.header(WRITTEN + "Samples-Written");
    String histograms = response.header(WRITTEN + "Histograms-Written");
    if (samples == null && histograms == null) {
      return -1;
    }
    return number(samples) + number(histograms);
  }

  private static long number(@Nullable String header) {
    try {
      return header == null ? 0 : Math.max(0, Integer.parseInt(header.trim()));
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  static Answer of(IOException thrown) {
    Trouble trouble = Trouble.of(thrown);
    return new Answer(trouble.outcome, trouble.text, 0, -1, 0);
  }
}
