package io.sonde.libraries.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sonde.libraries.servers.AppSource;
import io.sonde.testing.Artifacts;
import io.sonde.testing.ForkedJvm;
import io.sonde.testing.Jdk;
import io.sonde.testing.Jdks;
import io.sonde.testing.OtlpSink;
import io.sonde.testing.ReceivedSpan;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The application's own counters and histograms show exemplars, each of a trace that arrived. */
class ExemplarsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Pattern EXEMPLAR =
      Pattern.compile(
          "^(\\w+)\\{?[^#\\n]*# \\{(?=[^}]*trace_id=\"(\\w+)\")(?=[^}]*span_id=\"(\\w+)\")",
          Pattern.MULTILINE);

  private final HttpClient client = HttpClient.newHttpClient();

  @ParameterizedTest
  @CsvSource({
    "8, 0.16.0, 1.0.0, micrometer-registry-prometheus:1.9.0, simpleclient",
    "17, 0.16.0, 1.2.1, micrometer-registry-prometheus:1.13.0, client",
    "21, 0.16.0, 1.5.0, micrometer-registry-prometheus-simpleclient:1.15.0, simpleclient",
    "25, 0.16.0, 1.7.0, micrometer-registry-prometheus:1.17.1, client"
  })
  void ownMetrics_showExemplars_eachOfATraceThatArrived(
      int jdk, String simple, String current, String micrometer, String over) throws Exception {
    Optional<Jdk> home = Jdks.of(jdk);
    assumeTrue(home.isPresent(), () -> "no JDK " + jdk + " here");
    List<String> artifacts =
        List.of(
            "io.prometheus:simpleclient_common:" + simple,
            "io.prometheus:simpleclient:" + simple,
            "io.prometheus:prometheus-metrics-core:" + current,
            "io.prometheus:prometheus-metrics-exposition-formats:" + current,
            "io.micrometer:" + micrometer);
    List<String> types =
        List.of(
            "Simpleclient",
            "Client",
            over.equals("client") ? "MicrometerClient" : "MicrometerSimpleclient",
            "OwnContext");
    String[] folders = {
      "exemplars/main", "exemplars/simpleclient", "exemplars/client", "exemplars/micrometer-" + over
    };
    try (OtlpSink sink = OtlpSink.http();
        ForkedJvm app =
            ForkedJvm.on(home.get())
                .classPath(AppSource.of(folders).compile(classPath(current, artifacts)))
                .main("app.ExemplarsMain")
                .arg(types.toArray(new String[0]))
                .agent(sink)
                .start()) {
      URI root = URI.create("http://localhost:" + app.awaitPort(PATIENCE));
      // What is not sampled must not be shown; it comes first, when every place is free.
      get(root.resolve("/work"), "00-11111111111111111111111111111111-1111111111111111-00");
      Thread.sleep(150); // the client looks for another exemplar after 90 ms
      get(root.resolve("/work"), "00-22222222222222222222222222222222-2222222222222222-01");
      Thread.sleep(150); // and a counter shows what it took before
      sink.awaitSpans(span -> span.name().contains("/work"), 1, PATIENCE);
      Map<String, String> arrived =
          sink.spans().stream()
              .collect(
                  Collectors.toMap(
                      ReceivedSpan::spanId, ReceivedSpan::traceId, (one, same) -> one));
      for (String type : types) {
        String page = get(root.resolve("/metrics/" + type), null);
        Map<String, String> shown = new TreeMap<>();
        Matcher exemplar = EXEMPLAR.matcher(page);
        while (exemplar.find()) {
          shown.put(exemplar.group(1), exemplar.group(2));
          String expected =
              type.equals("OwnContext")
                  ? "0123456789abcdef0123456789abcdef"
                  : arrived.get(exemplar.group(3));
          assertEquals(expected, exemplar.group(2), () -> type + ": " + page);
        }
        assertTrue(shown.containsKey("calls_total"), () -> app.failure(type + ": " + page) + "");
        assertTrue(
            type.equals("OwnContext")
                || shown.keySet().stream().anyMatch(name -> name.matches("durations.*_bucket")),
            () -> app.failure(type + ": " + page) + "");
      }
      assertEquals(List.of(), app.stderr().stream().filter(l -> l.startsWith("[sonde]")).toList());
    }
  }

  /** Micrometer leaves out the part that knows the tracer, and its newest version is not public. */
  private static List<Path> classPath(String current, List<String> artifacts) {
    String tracer =
        "io.prometheus:prometheus-metrics-tracer-initializer:"
            + (current.equals("1.7.0") ? "1.5.0" : current);
    List<String> all = new ArrayList<>(artifacts);
    all.add(tracer);
    return Artifacts.of(all.toArray(new String[0])).with(tracer).classPath();
  }

  private String get(URI target, String traceparent) throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(target).timeout(PATIENCE);
    if (traceparent != null) {
      request.header("traceparent", traceparent);
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString()).body();
  }
}
