package io.sonde.libraries.truth;

import io.sonde.testing.JvmLaunch;
import io.sonde.testing.Ports;
import io.sonde.testing.PyroscopeSink;
import io.sonde.testing.ReceivedProfile;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/** What Sonde sent, and what it says that it lost. */
final class SondeProfiles implements TruthRun.Profiles {
  private static final Pattern LOST =
      Pattern.compile(
          "(?m)^sonde_profiler_(?:samples_total\\{.*sonde_sample=\"(?:unknown|dropped|folded)\""
              + "|changes_lost_total\\{).*\\} ([0-9.E]+)");

  private static final Pattern MISSED =
      Pattern.compile(
          "(?m)^sonde_profiler_samples_total\\{.*sonde_sample=\"missed\".*\\} ([0-9.E]+)");

  private final PyroscopeSink sink;
  private final int port = Ports.free();
  private double lost;
  private double missed;

  SondeProfiles(PyroscopeSink sink) {
    this.sink = sink;
  }

  /** Makes it say what it lost. */
  JvmLaunch told(JvmLaunch launch) {
    return launch
        .env("OTEL_METRICS_EXPORTER", "prometheus")
        .env("OTEL_EXPORTER_PROMETHEUS_PORT", Integer.toString(port));
  }

  @Override
  public boolean begunAfter(long epochNanos) {
    return cpu().stream().anyMatch(profile -> profile.epochNanos() >= epochNanos);
  }

  /** Of CPU time. */
  @Override
  public int samples() {
    return cpu().stream().mapToInt(profile -> profile.samples().size()).sum();
  }

  @Override
  public void end() throws IOException, InterruptedException {
    HttpRequest ask =
        HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/metrics")).build();
    String page = HttpClient.newHttpClient().send(ask, BodyHandlers.ofString()).body();
    lost = sum(LOST, 5, page);
    missed = sum(MISSED, 1, page);
  }

  private static double sum(Pattern pattern, int lines, String page) {
    double[] counts =
        pattern
            .matcher(page)
            .results()
            .mapToDouble(one -> Double.parseDouble(one.group(1)))
            .toArray();
    if (counts.length != lines) {
      throw new AssertionError(pattern + " finds " + counts.length + " lines in\n" + page);
    }
    return Arrays.stream(counts).sum();
  }

  /** Samples without a span that they should have, and changes of context, too. */
  double lost() {
    return lost;
  }

  /** Of CPU time, by the JVM's fault. */
  double missed() {
    return missed;
  }

  private List<ReceivedProfile> cpu() {
    return sink.profiles().stream()
        .filter(profile -> TruthSample.kind(profile) == TruthSample.Kind.CPU)
        .toList();
  }

  List<TruthSample> all() {
    return sink.profiles().stream().flatMap(one -> TruthSample.of(one).stream()).toList();
  }
}
