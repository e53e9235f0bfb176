package io.sonde.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sonde.apps.Burns;
import io.sonde.testing.Artifacts;
import io.sonde.testing.ForkedJvm;
import io.sonde.testing.Jdks;
import io.sonde.testing.OtlpSink;
import io.sonde.testing.PyroscopeSink;
import io.sonde.testing.ReceivedProfile;
import io.sonde.testing.ReceivedSpan;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What spans say that they took, of a program that knows how much it was. */
class SpanCostsTest {
  private static final Duration LONG = Duration.ofMinutes(2);
  private static final int ROUNDS = 12;
  private static final String CPU = "process_cpu:cpu:nanoseconds:cpu:nanoseconds";

  /** The most that a thread's stay in a span is off by, as docs/profiling.md says. */
  private static final long PER_STAY = 1_000_000;

  /** What the server, the database and the agent do inside of a span. */
  private static final long AROUND = 2_000_000;

  private static final long BYTES_AROUND = 64 << 10;

  /**
   * Of the spans of one kind so many may have taken more: where the machine itself has to wait in
   * the middle of one, its kernel takes that for CPU time.
   */
  private static final int INTERRUPTED = 2;

  /** What a span is known to take: units, in so many stays of threads. */
  private record Known(int units, int stays) {}

  private static final Map<String, Known> SERVERS =
      Map.of(
          "/own", new Known(1, 1),
          "/query", new Known(1, 2),
          "/pool", new Known(3, 3),
          "/futures", new Known(3, 4));

  private static final Known QUERY = new Known(2, 1);

  @ParameterizedTest
  @CsvSource({"8,fast", "17,fast", "21,held", "25,held"})
  void spans_sayWhatTheyTook(int jdk, String links) throws Exception {
    assumeTrue(Jdks.of(jdk).isPresent(), "JDK " + jdk + " is not on this machine");
    List<String> paths = new ArrayList<>(SERVERS.keySet());
    if (jdk >= 21) {
      paths.add("/virtual");
    }
    try (OtlpSink spans = OtlpSink.http();
        PyroscopeSink sink = new PyroscopeSink();
        ForkedJvm app =
            ForkedJvm.on(Jdks.of(jdk).orElseThrow())
                .classPathOf(Burns.class)
                .classPath(Artifacts.classPath("com.h2database:h2:1.4.200"))
                .main(Burns.class)
                .quick()
                .env("PYROSCOPE_SERVER_ADDRESS", sink.address())
                .env("PYROSCOPE_UPLOAD_INTERVAL", "2s")
                .env("SONDE_PROFILER_START_DELAY", "0")
                .env("SONDE_PROFILER_LINKS", links)
                .env("SONDE_PROFILER_BUDGET", "off") // which counts fewer traces on a busy machine
                .agent(spans)
                .start()) {
      int port = app.awaitPort(LONG);
      long deadline = System.nanoTime() + LONG.toNanos();
      while (cpu(sink).isEmpty() && System.nanoTime() < deadline) {
        ask(port, paths);
      }
      long since = System.currentTimeMillis() * 1_000_000;
      for (int round = 0; round < ROUNDS; round++) {
        ask(port, paths);
      }
      long until = System.currentTimeMillis() * 1_000_000;
      sink.await(
          "all of it",
          profile -> profile.types().contains(CPU) && profile.epochNanos() > until,
          1,
          LONG);
      List<ReceivedSpan> counted =
          spans.awaitAll(app, LONG).stream()
              .filter(span -> span.startEpochNanos() > since && span.startEpochNanos() < until)
              .toList();
      assertEquals(List.of(), sink.problems());
      check(jdk, links, counted);
      checkVirtual(jdk, counted, cpu(sink));
    }
  }

  private static List<ReceivedProfile> cpu(PyroscopeSink sink) {
    return sink.profiles().stream().filter(profile -> profile.types().contains(CPU)).toList();
  }

  private static void ask(int port, List<String> paths) throws IOException {
    for (String path : paths) {
      HttpURLConnection connection =
          (HttpURLConnection)
              URI.create("http://localhost:" + port + path).toURL().openConnection();
      assertEquals(204, connection.getResponseCode());
    }
  }

  private static void check(int jdk, String links, List<ReceivedSpan> spans) {
    StringBuilder seen = new StringBuilder("JDK " + jdk + ' ' + links + ':');
    SERVERS.forEach((path, known) -> check(path, known, at(path, spans), jdk >= 17, seen));
    List<ReceivedSpan> queries =
        spans.stream().filter(span -> span.kind() == ReceivedSpan.Kind.CLIENT).toList();
    check("its query", QUERY, queries, jdk >= 17, seen);
    System.out.println(seen);
  }

  private static List<ReceivedSpan> at(String path, List<ReceivedSpan> spans) {
    return spans.stream().filter(span -> span.has("url.path", path)).toList();
  }

  private static void check(
      String what, Known known, List<ReceivedSpan> spans, boolean bytes, StringBuilder seen) {
    assertEquals(ROUNDS, spans.size(), what);
    long nanos = known.units * Burns.NANOS;
    long off = known.stays * PER_STAY;
    long allocated = (long) known.units * Burns.BYTES;
    double sum = 0;
    long around = 0;
    List<ReceivedSpan> above = new ArrayList<>();
    for (ReceivedSpan span : spans) {
      assertEquals("counters", span.attribute("sonde.measured_by"), span::toString);
      long took = (long) span.attribute("sonde.cpu_ns");
      sum += took;
      assertTrue(took >= nanos - off, span::toString);
      if (took > nanos * 1.1 + off + AROUND) {
        above.add(span);
      }
      if (bytes) {
        long by = (long) span.attribute("sonde.allocated_bytes");
        around = Math.max(around, by - allocated);
        assertTrue(by >= allocated && by <= allocated + BYTES_AROUND, span::toString);
      } else {
        assertNull(span.attribute("sonde.allocated_bytes"));
      }
    }
    assertTrue(above.size() <= INTERRUPTED, above::toString);
    seen.append(
        " %s %.3f of what it burnt and %d bytes more,"
            .formatted(what, sum / (nanos * spans.size()), around));
  }

  /** What its samples add up to, where all of them are known. */
  private static void checkVirtual(
      int jdk, List<ReceivedSpan> spans, List<ReceivedProfile> profiles) {
    int measured = 0;
    for (ReceivedSpan span : at("/virtual", spans)) {
      long sum =
          profiles.stream()
              .mapToLong(
                  profile ->
                      profile.sum(0, sample -> sample.label("span_id").equals(span.spanId())))
              .sum();
      assertFalse(span.has("sonde.measured_by", "counters"), span::toString);
      if (span.attribute("sonde.cpu_ns") != null) {
        measured++;
        assertTrue(span.has("sonde.measured_by", "samples"), span::toString);
        assertEquals(sum, span.attribute("sonde.cpu_ns"), span::toString);
      }
    }
    assertTrue(jdk < 21 || measured > 0, "no samples of virtual threads");
  }
}
