package io.sonde.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sonde.apps.Profiled;
import io.sonde.testing.ForkedJvm;
import io.sonde.testing.Jdks;
import io.sonde.testing.JvmLaunch;
import io.sonde.testing.OtlpSink;
import io.sonde.testing.Ports;
import io.sonde.testing.PyroscopeSink;
import io.sonde.testing.ReceivedProfile;
import io.sonde.testing.ReceivedProfile.Sample;
import io.sonde.testing.ReceivedSpan;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A server under load: its profiles at Pyroscope, and their spans at the collector. */
class ProfilesTest {
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final String APP = "io/sonde/apps/Profiled.";

  private static JvmLaunch profiled(int jdk, String address) {
    return ForkedJvm.on(Jdks.of(jdk).orElseThrow())
        .classPathOf(Profiled.class)
        .main(Profiled.class)
        .quick()
        .jvmArg("-Xmx256m")
        .env("OTEL_SERVICE_NAME", "profiled")
        .env("PYROSCOPE_SERVER_ADDRESS", address)
        .env("PYROSCOPE_LABELS", "region=eu")
        .env("SONDE_PROFILER_BAGGAGE", "k6.scenario")
        .env("PYROSCOPE_UPLOAD_INTERVAL", "2s")
        .env("SONDE_PROFILER_START_DELAY", "100");
  }

  @ParameterizedTest
  @CsvSource({"17,fast", "25,held"})
  void everyKindOfSample_arrivesWithItsSpan(int jdk, String links) {
    assumeTrue(Jdks.of(jdk).isPresent(), "JDK " + jdk + " is not on this machine");
    try (OtlpSink spans = OtlpSink.http();
        PyroscopeSink sink = new PyroscopeSink();
        ForkedJvm app =
            profiled(jdk, sink.address())
                .env("SONDE_PROFILER_LINKS", links)
                .env("SONDE_PROFILER_BUDGET", "off") // which counts fewer traces on a busy machine
                .env("SONDE_PROFILES_EXPORTER", "pyroscope,otlp")
                .env("SONDE_PROFILER_EXCEPTIONS", "true")
                .env("PYROSCOPE_JAVA_STACK_DEPTH_MAX", "200")
                .env("SONDE_PROFILER_ALLOCATED_CLASS", links.equals("held") ? "label" : "frame")
                .agent(spans)
                .start()) {
      Map<String, String> methods =
          Map.of(
              "process_cpu:cpu:nanoseconds:cpu:nanoseconds", "burn",
              "memory:alloc_in_new_tlab_bytes:bytes:space:bytes", "allocateSmall",
              "memory:alloc_outside_tlab_bytes:bytes:space:bytes", "allocateLarge",
              "mutex:delay:nanoseconds:mutex:count", "work",
              "block:delay:nanoseconds:block:count", "park",
              "exception:exceptions:count:exceptions:count", "refuse");
      methods.forEach(
          (type, method) ->
              sink.await(
                  type + " in " + method,
                  profile -> in(profile, type, method).stream().anyMatch(ProfilesTest::hasSpan),
                  1,
                  LONG));
      String cpu = "process_cpu:cpu:nanoseconds:cpu:nanoseconds";
      sink.await("three windows", profile -> profile.types().contains(cpu), 3, LONG);
      // What a span allocates is trusted after two windows.
      spans.awaitSpans(
          span -> span.attribute("pyroscope.profile.id") != null, 30, LONG.multipliedBy(2));
      long linked = System.currentTimeMillis() * 1_000_000;
      sink.await(
          "a window after",
          profile -> profile.types().contains(cpu) && profile.epochNanos() > linked,
          1,
          LONG);
      assertEquals(List.of(), sink.problems(), () -> app.stderr().toString());
      List<ReceivedProfile> profiles = sink.profiles();
      profiles.forEach(ProfilesTest::checkLabels);
      List<Sample> samples = samplesWithSpan(profiles);
      checkSpans(samples, spans);
      checkLinks(links, samples, profiles, spans);
      checkOtlp(profiles, spans);
      checkClasses(links.equals("held"), profiles);
      // It would go on where Flight Recorder's stacks were not as deep as they are asked to be.
      Pattern engine =
          Pattern.compile("\\[sonde] profiles by Flight Recorder, CPU by [^,]+, windows of 2 s$");
      app.awaitErrorLine(engine, LONG);
    }
  }

  /** What was allocated, and what was thrown. */
  private static void checkClasses(boolean label, List<ReceivedProfile> profiles) {
    for (ReceivedProfile profile : profiles) {
      for (Sample sample :
          in(profile, "memory:alloc_in_new_tlab_bytes:bytes:space:bytes", "allocateSmall")) {
        assertEquals(label ? "byte[]" : "", sample.label("class"));
        assertEquals(label ? APP + "allocateSmall" : "byte[]", sample.stack().get(0).name());
      }
      for (Sample sample : in(profile, "exception:exceptions:count:exceptions:count", "refuse")) {
        assertEquals("java/lang/IllegalStateException", sample.stack().get(0).name());
        assertEquals(APP + "refuse", sample.stack().get(1).name());
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"frame,byte[],''", "label,io/sonde/apps/Profiled.allocateSmall,byte[]"})
  void asyncProfiler_saysWhatWasAllocated(String how, String leaf, String label) {
    try (PyroscopeSink sink = new PyroscopeSink();
        ForkedJvm app =
            profiled(17, sink.address())
                .env("SONDE_PROFILER_ENGINE", "async")
                .env("SONDE_PROFILER_ALLOCATED_CLASS", how)
                .agent()
                .start()) {
      String type = "memory:alloc_in_new_tlab_bytes:bytes:space:bytes";
      Sample small =
          in(
                  sink.await(
                          type, profile -> !in(profile, type, "allocateSmall").isEmpty(), 1, LONG)
                      .get(0),
                  type,
                  "allocateSmall")
              .get(0);
      assertEquals(leaf, small.stack().get(0).name(), app.stderr()::toString);
      assertEquals(label, small.label("class"));
    }
  }

  /** What went by OTLP is what went to Pyroscope: each window's samples, with the same spans. */
  private static void checkOtlp(List<ReceivedProfile> profiles, OtlpSink sink) {
    Map<String, Long> sums = new TreeMap<>();
    for (ReceivedProfile profile : profiles) {
      for (int i = 0; i < profile.types().size(); i++) {
        String type = profile.types().get(i);
        String key = type.substring(type.indexOf(':') + 1) + '@' + profile.epochNanos();
        sums.put(key, profile.sum(i, any -> true));
        sums.put(key + " in spans", profile.sum(i, ProfilesTest::hasSpan));
      }
    }
    sink.awaitProfiles("windows", any -> true, sums.size() / 2, LONG);
    for (ReceivedProfile profile : sink.profiles()) {
      assertEquals("profiled", profile.labels().get("service.name"));
      String key = profile.types().get(0) + '@' + profile.epochNanos();
      if (sums.containsKey(key)) {
        assertEquals(sums.remove(key), profile.sum(0, any -> true), key);
        assertEquals(sums.remove(key + " in spans"), profile.sum(0, ProfilesTest::hasSpan), key);
      }
    }
    assertEquals(Map.of(), sums, "not there by OTLP");
    assertTrue(
        sink.requests().stream().anyMatch(one -> one.path().equals("/v1development/profiles")));
  }

  private static void checkLabels(ReceivedProfile profile) {
    assertEquals("profiled", profile.labels().get("service_name"));
    assertEquals("eu", profile.labels().get("region"));
    assertEquals("false", profile.labels().get("__delta__"));
    long seconds = profile.durationNanos() / 1_000_000_000;
    assertTrue(seconds >= 1 && seconds <= 30, "a window of " + seconds + " s");
  }

  private static List<Sample> samplesWithSpan(List<ReceivedProfile> profiles) {
    return profiles.stream()
        .flatMap(profile -> profile.samples().stream())
        .filter(ProfilesTest::hasSpan)
        .toList();
  }

  private static boolean hasSpan(Sample sample) {
    return sample.label("span_id").matches("[0-9a-f]{16}")
        && sample.label("trace_id").matches("[0-9a-f]{32}");
  }

  /** Spans that have just ended, or wait for their window, may be on their way. */
  private static void checkSpans(List<Sample> samples, OtlpSink sink) {
    Set<String> wanted =
        samples.stream().map(sample -> sample.label("span_id")).collect(Collectors.toSet());
    Map<String, ReceivedSpan> spans = Map.of();
    for (int i = 0; i < 300 && !spans.keySet().containsAll(wanted); i++) {
      sleep(200);
      spans = sink.spans().stream().collect(Collectors.toMap(ReceivedSpan::spanId, span -> span));
    }
    wanted.removeAll(spans.keySet());
    assertEquals(Set.of(), wanted, "of " + samples.size() + " samples and " + spans.size());
    for (Sample sample : samples) {
      ReceivedSpan span = spans.get(sample.label("span_id"));
      assertEquals(span.traceId(), sample.label("trace_id"));
      assertEquals("", sample.label("user"));
      if (sample.has(APP + "burn") || sample.has(APP + "allocateLarge")) {
        assertEquals(ReceivedSpan.Kind.SERVER, span.kind());
        assertEquals("check out", sample.label("k6_scenario"));
        assertEquals("/work", sample.label("endpoint"));
      }
    }
  }

  /** Spans that say they have a profile, of those whose samples have all been sent. */
  private static void checkLinks(
      String links, List<Sample> samples, List<ReceivedProfile> profiles, OtlpSink sink) {
    Set<String> sampled =
        samples.stream().map(sample -> sample.label("span_id")).collect(Collectors.toSet());
    // Of the newest window some may be on their way.
    long read = profiles.stream().mapToLong(ReceivedProfile::epochNanos).max().orElse(0);
    List<ReceivedSpan> linked =
        sink.spans().stream()
            .filter(span -> span.attribute("pyroscope.profile.id") != null)
            .filter(span -> span.endEpochNanos() < read - 200_000_000L)
            .toList();
    assertTrue(linked.size() > 20, linked.size() + " linked spans");
    for (ReceivedSpan span : linked) {
      assertEquals(span.spanId(), span.attribute("pyroscope.profile.id"));
      assertEquals("counters", span.attribute("sonde.measured_by"));
      assertTrue((long) span.attribute("sonde.cpu_ns") < span.durationNanos(), span::toString);
      if (span.kind() == ReceivedSpan.Kind.SERVER) {
        assertTrue((long) span.attribute("sonde.cpu_ns") > 500_000, span::toString);
        assertTrue((long) span.attribute("sonde.allocated_bytes") > 4 << 20, span::toString);
      }
    }
    long dead = linked.stream().filter(span -> !sampled.contains(span.spanId())).count();
    String seen = links + ": " + dead + " of " + linked.size() + " links are dead";
    System.out.println(seen);
    assertTrue(dead * 10 <= (links.equals("held") ? 0 : linked.size()), seen);
  }

  private static List<Sample> in(ReceivedProfile profile, String type, String method) {
    return profile.types().contains(type)
        ? profile.samples().stream().filter(sample -> sample.has(APP + method)).toList()
        : List.of();
  }

  @Test
  void fileOfPyroscopesAgent_isEnough(@TempDir Path folder) throws Exception {
    try (PyroscopeSink sink = new PyroscopeSink()) {
      Files.write(
          folder.resolve("pyroscope.properties"),
          List.of(
              "pyroscope.server.address=" + sink.address(),
              "pyroscope.application.name=moved",
              "PYROSCOPE_UPLOAD_INTERVAL=1s"));
      JvmLaunch launch =
          ForkedJvm.on(Jdks.current())
              .directory(folder)
              .classPathOf(Profiled.class)
              .main(Profiled.class)
              .quick()
              .env("SONDE_PROFILER_START_DELAY", "100")
              .agent();
      try (ForkedJvm app = launch.start()) {
        ReceivedProfile profile = sink.await("profiles", p -> true, 1, LONG).get(0);
        assertEquals("moved", profile.labels().get("service_name"));
        app.awaitErrorLine(Pattern.compile("\\[sonde] profiles by .*, windows of 1 s"), LONG);
      }
    }
  }

  @Test
  void serverAway_slow_refusing_theApplicationGoesOn() throws Exception {
    int port = Ports.free();
    int scraped = Ports.free();
    try (OtlpSink spans = OtlpSink.http();
        ForkedJvm app =
            profiled(17, "http://127.0.0.1:" + port)
                .env("PYROSCOPE_UPLOAD_INTERVAL", "1s")
                .env("PYROSCOPE_FORMAT", "jfr")
                .agent(spans)
                .env("OTEL_METRICS_EXPORTER", "prometheus")
                .env("OTEL_EXPORTER_PROMETHEUS_PORT", Integer.toString(scraped))
                .start()) {
      app.awaitErrorLine(
          Pattern.compile("\\[sonde] profiles do not reach .*nothing listens there.*"), LONG);
      try (PyroscopeSink sink = new PyroscopeSink(port)) {
        sink.fail(
            new PyroscopeSink.Fault(429, Map.of("Retry-After", "1"), "", Duration.ZERO),
            new PyroscopeSink.Fault(0, Map.of(), "", Duration.ZERO),
            new PyroscopeSink.Fault(422, Map.of(), "no", Duration.ofMillis(300)));
        sink.await("profiles", profile -> true, 3, LONG);
        assertEquals(List.of(), sink.problems());
        checkCounts(app, port, scraped);
      }
      assertTrue(app.isAlive());
      assertTrue(
          app.stdout().stream().noneMatch(line -> line.startsWith("FAILED")),
          app.stdout()::toString);
      assertEquals(
          1,
          app.stderr().stream().filter(line -> line.contains("profiles do not reach")).count(),
          app.stderr()::toString);
      assertEquals(
          1,
          app.stderr().stream().filter(line -> line.contains("PYROSCOPE_FORMAT")).count(),
          app.stderr()::toString);
    }
  }

  private static void checkCounts(ForkedJvm app, int port, int scraped) throws Exception {
    String pid = Long.toString(app.pid());
    String why = ChainTest.Commands.run(Jdks.of(17).orElseThrow(), "why", pid);
    WhyTest.has(
        why,
        "^profiles: [1-9]\\d* exported, \\d+ waiting, \\d+ lost.*, to http://127.0.0.1:"
            + port
            + "$");
    WhyTest.has(why, "^last failure to send profiles: .+");
    WhyTest.has(why, "^profiler: [1-9]\\d* windows.*; samples: [1-9]\\d* in span, ");
    WhyTest.has(why, "^CPU time of the agent's threads: .*sonde-profiler \\d+\\.\\d\\d s");
    String page = MetricsTest.get(scraped, "/metrics", "text/plain").body();
    for (String series :
        List.of(
            "profiler_profile_exported_total\\{[^}]*",
            "profiler_samples_total\\{[^}]*sonde_sample=\"in_span\"",
            "profiler_windows_total\\{[^}]*sonde_window_end=\"full\"",
            "profiler_allocation_windows_total\\{[^}]*sonde_mode=\"all\"",
            "thread_cpu_time_seconds_total\\{[^}]*thread_name=\"sonde-profiler\"")) {
      WhyTest.has(page, "^sonde_" + series + "} (?!0$)\\d");
    }
    WhyTest.has(page, "^sonde_profiler_changes_lost_total\\{[^}]*\"overwritten\"} \\d");
  }

  @Test
  void java8_cpuLocksAndWallClockByAsyncProfiler() {
    assumeTrue(Jdks.of(8).isPresent(), "JDK 8 is not on this machine");
    try (OtlpSink spans = OtlpSink.http();
        PyroscopeSink sink = new PyroscopeSink();
        ForkedJvm app =
            profiled(8, sink.address())
                .env("PYROSCOPE_PROFILER_EVENT", "cpu,wall")
                .agent(spans)
                .start()) {
      Map.of(
              "process_cpu:cpu:nanoseconds:cpu:nanoseconds", "burn",
              "mutex:delay:nanoseconds:mutex:count", "work",
              "wall:wall:nanoseconds:wall:nanoseconds", "park")
          .forEach(
              (type, method) ->
                  sink.await(
                      type + " in " + method,
                      profile -> in(profile, type, method).stream().anyMatch(ProfilesTest::hasSpan),
                      1,
                      LONG));
      assertEquals(List.of(), sink.problems(), () -> app.stderr().toString());
      sink.profiles().forEach(ProfilesTest::checkLabels);
      checkSpans(samplesWithSpan(sink.profiles()), spans);
      assertTrue(
          app.stderr().stream()
              .anyMatch(line -> line.startsWith("[sonde] profiles by async-profiler, ")),
          () -> app.stderr().toString());
    }
  }

  private static void sleep(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
