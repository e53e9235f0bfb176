package io.sonde.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sonde.apps.Chain;
import io.sonde.testing.Artifacts;
import io.sonde.testing.ForkedJvm;
import io.sonde.testing.HttpConnection;
import io.sonde.testing.OtlpSink;
import io.sonde.testing.Ports;
import io.sonde.testing.ReceivedSpan;
import io.sonde.testing.ReceivedSpan.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Almost no trace is sampled, and yet every exemplar leads to a whole one. */
class KeptExemplarsTest {
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final int CALLS = 1500;
  private static final int SCRAPES = 4;
  private static final Pattern EXEMPLAR =
      Pattern.compile("# \\{trace_id=\"(\\w{32})\",span_id=\"(\\w{16})\"}");

  @ParameterizedTest
  @ValueSource(strings = {"0", "0.01"})
  void exemplars_ofTracesNotSampled_leadToWholeTraces(String ratio) throws Exception {
    int port = Ports.free();
    try (OtlpSink sink = OtlpSink.http();
        ForkedJvm app =
            ForkedJvm.onCurrent()
                .classPathOf(Chain.class)
                .classPath(Artifacts.classPath("com.h2database:h2:1.4.200"))
                .main(Chain.class)
                .agent(sink)
                .jvmArg("-Xmx48m")
                .env("OTEL_TRACES_SAMPLER", "traceidratio")
                .env("OTEL_TRACES_SAMPLER_ARG", ratio)
                .env("OTEL_BSP_SCHEDULE_DELAY", "200")
                .env("OTEL_METRICS_EXPORTER", "prometheus")
                .env("OTEL_EXPORTER_PROMETHEUS_PORT", Integer.toString(port))
                .env("SONDE_EXEMPLARS_KEEP", "true")
                .start()) {
      int front = app.awaitPort(LONG);
      CompletableFuture<Void> one = CompletableFuture.runAsync(() -> load(front));
      CompletableFuture<Void> two = CompletableFuture.runAsync(() -> load(front));
      Map<String, String> shown = new HashMap<>();
      for (int i = 1; i < SCRAPES; i++) {
        Thread.sleep(400);
        shown.putAll(exemplars(scrape(port)));
      }
      CompletableFuture.allOf(one, two).join();
      // A client has its answer a moment before the server's span ends.
      String page = scrape(port);
      long deadline = System.nanoTime() + LONG.toNanos();
      while (served(page) < 2 * 2 * CALLS) {
        assertTrue(System.nanoTime() - deadline < 0, page);
        shown.putAll(exemplars(page));
        Thread.sleep(20);
        page = scrape(port);
      }
      page = scrape(port);
      Map<String, String> last = exemplars(page);
      shown.putAll(last);
      assertFalse(last.isEmpty(), page);
      Set<String> ids = shown.keySet();
      sink.awaitSpans(span -> ids.contains(span.spanId()), ids.size(), LONG);
      long spans = value(page, "sonde_exemplar_kept_spans_total");
      sink.awaitSpans(KeptExemplarsTest::isKept, (int) spans, LONG);
      sink.awaitQuiet(Duration.ofMillis(600), LONG);
      assertWhole(sink.spans(), shown);
      List<ReceivedSpan> kept = sink.spans().stream().filter(KeptExemplarsTest::isKept).toList();
      long traces = kept.stream().map(ReceivedSpan::traceId).distinct().count();
      assertTrue(traces > 0 && traces <= shown.size(), () -> traces + " of " + shown.size());
      assertEquals(traces, value(page, "sonde_exemplar_kept_traces_total"), page);
      if (ratio.equals("0")) {
        assertEquals(kept.size(), sink.spans().size());
        assertEquals(kept.size(), spans, page);
      }
      assertTrue(kept.stream().noneMatch(span -> span.traceState().contains("th:")));
      assertEquals(List.of(), app.stderr().stream().filter(l -> l.startsWith("[sonde]")).toList());
    }
  }

  /** Front and back, the call between them and what the database was asked: or none of it. */
  private static void assertWhole(List<ReceivedSpan> arrived, Map<String, String> shown) {
    Set<String> spans = arrived.stream().map(ReceivedSpan::spanId).collect(Collectors.toSet());
    Map<String, List<ReceivedSpan>> traces =
        arrived.stream().collect(Collectors.groupingBy(ReceivedSpan::traceId));
    shown.forEach(
        (span, trace) -> {
          assertTrue(spans.contains(span), () -> "no span " + span);
          List<ReceivedSpan> all = traces.get(trace);
          Set<String> ids = new HashSet<>();
          all.forEach(one -> ids.add(one.spanId()));
          assertEquals(1, all.stream().filter(ReceivedSpan::isRoot).count(), all::toString);
          assertTrue(
              all.stream().allMatch(one -> one.isRoot() || ids.contains(one.parentSpanId())),
              all::toString);
          if (isKept(all.get(0))) {
            boolean served = all.stream().anyMatch(one -> one.kind() == Kind.SERVER);
            assertTrue(!served || all.size() == 4, all::toString);
          }
        });
  }

  /** The calls that front and back have served. */
  private static double served(String page) {
    return page.lines()
        .filter(line -> line.startsWith("http_server_request_duration_seconds_count"))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  private static boolean isKept(ReceivedSpan span) {
    return span.has("sonde.kept_for", "exemplar");
  }

  private static void load(int port) {
    try (HttpConnection http = new HttpConnection(port)) {
      for (int i = 0; i < CALLS; i++) {
        assertEquals(200, http.get("/orders"));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String scrape(int port) throws Exception {
    return MetricsTest.get(port, "/metrics", "application/openmetrics-text; version=1.0.0").body();
  }

  private static Map<String, String> exemplars(String page) {
    Map<String, String> all = new HashMap<>();
    Matcher exemplar = EXEMPLAR.matcher(page);
    while (exemplar.find()) {
      all.put(exemplar.group(2), exemplar.group(1));
    }
    return all;
  }

  private static long value(String page, String name) {
    String line = page.lines().filter(l -> l.startsWith(name)).findFirst().orElseThrow();
    return (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1));
  }
}
