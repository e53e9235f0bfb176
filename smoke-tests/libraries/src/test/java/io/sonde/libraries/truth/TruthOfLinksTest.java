package io.sonde.libraries.truth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sonde.testing.Jdk;
import io.sonde.testing.Jdks;
import io.sonde.testing.OtlpSink;
import io.sonde.testing.PyroscopeSink;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

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

  private record Engine(Jdk jdk, String name) {
    @Override
    public String toString() {
      return "JDK " + jdk.version() + " " + name;
    }
  }

  private record Result(Tally waits, Tally allocations) {}

  /** Flight Recorder wherever it can be read, async-profiler where it cannot and where both can. */
  private static List<Engine> engines() {
    List<Engine> all = new ArrayList<>();
    for (Jdk jdk : Jdks.all()) {
      if (jdk.version() == 8 || jdk.version() == 17) {
        all.add(new Engine(jdk, "async"));
      }
      if (jdk.version() >= 17 && jdk.version() != 26) {
        all.add(new Engine(jdk, "jfr"));
      }
    }
    return all;
  }

  @Test
  void everySample_hasTheSpanThatItsStackShows() throws Exception {
    Map<Engine, Future<Result>> runs = new LinkedHashMap<>();
    ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE);
    for (Engine engine : engines()) {
      runs.put(engine, threads.submit(() -> run(engine)));
    }
    threads.shutdown();
    int right = 0;
    int wrong = 0;
    StringBuilder all = new StringBuilder();
    List<String> faults = new ArrayList<>();
    for (Map.Entry<Engine, Future<Result>> run : runs.entrySet()) {
      Result result = run.getValue().get();
      String line = run.getKey() + ": CPU and locks " + result.waits + ", allocations ";
      System.out.println(line + result.allocations);
      all.append(line).append(result.allocations).append('\n');
      check(run.getKey(), result, faults);
      right += result.waits.right;
      wrong += result.waits.wrong + result.waits.outer;
    }
    // Of all: in one run of some hundred samples one would be too much.
    if (wrong * 1000 > right) {
      faults.add(wrong + " wrong of CPU and locks in all");
    }
    assertEquals(List.of(), faults, all::toString);
  }

  private static void check(Engine engine, Result result, List<String> faults) {
    Tally waits = result.waits;
    Tally bytes = result.allocations;
    if (waits.all() < 50 || waits.right * 100 < waits.all() * 99 || waits.wrong > 1) {
      faults.add(engine + ": CPU and locks " + waits + ' ' + waits.faults);
    }
    boolean sampled = engine.jdk.version() >= 11;
    if (sampled && bytes.all() < 20 || bytes.right * 100 < bytes.all() * 99) {
      faults.add(engine + ": allocations " + bytes + ' ' + bytes.faults);
    }
  }

  private static Result run(Engine engine) throws Exception {
    try (OtlpSink spans = OtlpSink.http();
        PyroscopeSink profiles = new PyroscopeSink()) {
      TruthRun run =
          TruthRun.of(
              TruthRun.launch(engine.jdk)
                  .agent(spans)
                  .env("PYROSCOPE_SERVER_ADDRESS", profiles.address())
                  .env("PYROSCOPE_UPLOAD_INTERVAL", "3s")
                  .env("PYROSCOPE_PROFILING_INTERVAL", "5ms")
                  .env("PYROSCOPE_PROFILER_LOCK", "1ms")
                  .env("SONDE_PROFILER_ENGINE", engine.name)
                  .env("SONDE_PROFILER_START_DELAY", "0"),
              spans,
              new SondeProfiles(profiles),
              SAMPLES,
              LONGEST);
      assertEquals(List.of(), profiles.problems());
      List<TruthSample> samples = new SondeProfiles(profiles).all();
      assertTrue(!run.spans().isEmpty(), "no spans");
      TruthSpans truth = new TruthSpans(run.spans());
      return new Result(
          tally(run, truth, samples, TruthSample.Kind.CPU, TruthSample.Kind.LOCK),
          tally(run, truth, samples, TruthSample.Kind.ALLOCATION, TruthSample.Kind.ALLOCATION));
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
