package io.sonde.libraries.truth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sonde.testing.Jdk;
import io.sonde.testing.Jdks;
import io.sonde.testing.JvmLaunch;
import io.sonde.testing.OtlpSink;
import io.sonde.testing.PyroscopeSink;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Requests that compute, allocate and wait on pools, in futures, virtual threads, Reactor and
 * asynchronous servlets, with queries and calls below them: each sample against its own stack.
 */
class TruthOfLinksTest {
  /** On a machine that is busy with other things it takes longer to have as many. */
  private static final int SAMPLES = 500;

  private static final Duration LONGEST = Duration.ofSeconds(30);

  /** More JVMs at once would wait for each other. */
  private static final int AT_ONCE = 2;

  /** Of fewer links, in all runs, nobody could say how many in ten are dead. */
  private static final int LINKS = 100;

  /** Spans may wait for their windows for twice as long. */
  private static final String AS_BY_DEFAULT = "5000";

  /** Flight Recorder wherever it can be read, async-profiler where it cannot and where both can. */
  private static final String[] ENGINES = {
    "8 async", "17 async", "17 jfr", "17 jfr held", "21 jfr", "25 jfr", "28 jfr"
  };

  private static final Map<String, Future<Result>> RUNS = new LinkedHashMap<>();

  private record Result(
      Tally waits, Tally allocations, TruthLinks links, double lost, double missed) {
    @Override
    public String toString() {
      return "CPU and locks %s, allocations %s, links %s, lost %.0f, missed %.0f"
          .formatted(waits, allocations, links, lost, missed);
    }
  }

  static String[] engines() {
    return ENGINES;
  }

  @BeforeAll
  static void start() {
    ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE);
    for (String engine : ENGINES) {
      Jdks.of(version(engine))
          .ifPresent(jdk -> RUNS.put(engine, threads.submit(() -> run(jdk, engine))));
    }
    threads.shutdown();
  }

  private static int version(String engine) {
    return Integer.parseInt(engine.substring(0, engine.indexOf(' ')));
  }

  private static boolean isHeld(String engine) {
    return engine.endsWith(" held");
  }

  @ParameterizedTest
  @MethodSource("engines")
  void everySample_hasTheSpanThatItsStackShows(String engine) throws Exception {
    Future<Result> run = RUNS.get(engine);
    assumeTrue(run != null, () -> "JDK " + version(engine) + " is not on this machine");
    Result result = run.get();
    System.out.println("JDK " + engine + ": " + result);
    Tally waits = result.waits;
    Tally bytes = result.allocations;
    String seen = result + " " + waits.faults + ' ' + bytes.faults;
    assertTrue(waits.all() >= 50, seen);
    assertTrue(waits.right * 100 >= waits.all() * 99 && waits.wrong <= 1, seen);
    assertTrue(version(engine) < 11 || bytes.all() >= 20, seen);
    assertTrue(bytes.right * 100 >= bytes.all() * 99, seen);
    assertTrue((waits.unknown + bytes.unknown) * 100 <= waits.all() + bytes.all(), seen);
    assertTrue(result.lost * 100 <= waits.all() + bytes.all(), seen);
    // What burns CPU time asks for it again and again, which the JVM does itself.
    assertEquals(engine.contains("jfr") && version(engine) >= 25, result.missed > 0, seen);
  }

  /** In one run of some hundred samples or links one would be too much. */
  @Test
  void ofAllRuns_hardlyAnySampleIsWrong_fewLinksAreDead_andMostThatCanBeAreThere()
      throws Exception {
    int right = 0;
    int wrong = 0;
    long linked = 0;
    long dead = 0;
    long sampled = 0;
    for (Map.Entry<String, Future<Result>> run : RUNS.entrySet()) {
      Result result = run.getValue().get();
      right += result.waits.right;
      wrong += result.waits.wrong + result.waits.outer;
      TruthLinks links = result.links;
      if (isHeld(run.getKey())) {
        assertTrue(links.linked() > 0 && links.dead() == 0, run.getKey() + ": " + links);
      } else {
        linked += links.linked();
        dead += links.dead();
        sampled += links.sampled();
      }
    }
    assertTrue(wrong * 1000 <= right, wrong + " of CPU and locks are wrong, right are " + right);
    assertTrue(linked >= LINKS && dead * 10 <= linked, dead + " of " + linked + " links are dead");
    assertTrue((linked - dead) * 2 >= sampled, linked + " links, " + sampled + " with samples");
  }

  private static Result run(Jdk jdk, String engine) throws Exception {
    try (OtlpSink spans = OtlpSink.http();
        PyroscopeSink sink = new PyroscopeSink()) {
      SondeProfiles profiles = new SondeProfiles(sink);
      JvmLaunch program =
          profiles
              .told(TruthRun.launch(jdk).agent(spans))
              .env("PYROSCOPE_SERVER_ADDRESS", sink.address())
              .env("PYROSCOPE_UPLOAD_INTERVAL", "3s")
              .env("PYROSCOPE_PROFILING_INTERVAL", "5ms")
              .env("PYROSCOPE_PROFILER_LOCK", "1ms")
              .env("SONDE_PROFILER_ENGINE", engine.split(" ")[1])
              .env("SONDE_PROFILER_LINKS", isHeld(engine) ? "held" : "fast")
              .env("SONDE_PROFILER_START_DELAY", "0")
              .env("OTEL_BSP_SCHEDULE_DELAY", AS_BY_DEFAULT);
      TruthRun run = TruthRun.of(program, spans, profiles, SAMPLES, LONGEST);
      assertEquals(List.of(), sink.problems());
      List<TruthSample> samples = profiles.all();
      assertTrue(!run.spans().isEmpty(), "no spans");
      TruthSpans truth = new TruthSpans(run.spans());
      return new Result(
          tally(run, truth, samples, TruthSample.Kind.CPU, TruthSample.Kind.LOCK),
          tally(run, truth, samples, TruthSample.Kind.ALLOCATION, TruthSample.Kind.ALLOCATION),
          TruthLinks.of(run.spans(), samples),
          profiles.lost(),
          profiles.missed());
    }
  }

  private static Tally tally(
      TruthRun run,
      TruthSpans truth,
      List<TruthSample> samples,
      TruthSample.Kind kind,
      TruthSample.Kind other) {
    return Tally.of(
        samples.stream().filter(one -> one.kind() == kind || one.kind() == other).toList(),
        truth,
        run::counts);
  }
}
