package io.sonde.libraries.truth;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sonde.testing.Artifacts;
import io.sonde.testing.Jdks;
import io.sonde.testing.JvmLaunch;
import io.sonde.testing.OtlpSink;
import io.sonde.testing.PyroscopeSink;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The program of {@link TruthOfLinksTest} under Sonde, and under the OpenTelemetry agent with
 * Pyroscope's agent and extension. Run by name alone; prints the rows of the table in
 * docs/profiling.md.
 */
class LinksBesidePyroscope {
  private static final int SAMPLES = 1000;
  private static final int FIRST_BY_FLIGHT_RECORDER = 17;

  /** That is what Pyroscope's agent has, too. */
  private static final int LAST_BY_ASYNC_PROFILER = 25;

  private static final Duration LONGEST = Duration.ofSeconds(90);

  /** Sonde's default, and that of both for spans. */
  private static final String INTERVAL = "15s";

  private static final String SCHEDULE_DELAY = "5000";

  /** {@code -Dsonde.test.beside=no} leaves Pyroscope's agent out. */
  private static final boolean BESIDE = !"no".equals(System.getProperty("sonde.test.beside"));

  @ParameterizedTest
  @ValueSource(ints = {8, 17, 21, 25, 28})
  void linksOfBoth(int version) throws Exception {
    String on = ", Java " + version;
    if (version >= FIRST_BY_FLIGHT_RECORDER) {
      System.out.println(row("Sonde, Flight Recorder" + on, sonde(version, "jfr", "fast")));
      System.out.println(row("Sonde, Flight Recorder, held" + on, sonde(version, "jfr", "held")));
    }
    if (version <= LAST_BY_ASYNC_PROFILER) {
      System.out.println(row("Sonde, async-profiler" + on, sonde(version, "async", "fast")));
    }
    if (BESIDE && version <= LAST_BY_ASYNC_PROFILER) {
      System.out.println(row("Pyroscope's" + on, pyroscope(version)));
    }
  }

  private record Seen(TruthRun run, List<TruthSample> samples) {}

  private static Seen sonde(int version, String engine, String links) throws Exception {
    JvmLaunch launch = TruthRun.launch(Jdks.of(version).orElseThrow());
    try (OtlpSink spans = OtlpSink.http();
        PyroscopeSink sink = new PyroscopeSink()) {
      SondeProfiles profiles = new SondeProfiles(sink);
      JvmLaunch program =
          profiles
              .told(asked(launch, sink.address()).agent(spans))
              .env("SONDE_PROFILER_ENGINE", engine)
              .env("SONDE_PROFILER_LINKS", links)
              .env("SONDE_PROFILER_START_DELAY", "0")
              .env("OTEL_BSP_SCHEDULE_DELAY", SCHEDULE_DELAY);
      TruthRun run = TruthRun.of(program, spans, profiles, SAMPLES, LONGEST);
      assertEquals(List.of(), sink.problems());
      System.out.println("lost: " + profiles.lost());
      return new Seen(run, profiles.all());
    }
  }

  private static Seen pyroscope(int version) throws Exception {
    String extension = Artifacts.file(Artifacts.PYROSCOPE_EXTENSION).toString();
    try (OtlpSink spans = OtlpSink.http();
        JfrUploads profiles = new JfrUploads()) {
      TruthRun run =
          TruthRun.of(
              asked(TruthRun.launch(Jdks.of(version).orElseThrow()), profiles.address())
                  .agent(Artifacts.file(Artifacts.PYROSCOPE_AGENT))
                  .agent(Artifacts.file(Artifacts.OPENTELEMETRY_AGENT))
                  .exportTo(spans)
                  .env("OTEL_JAVAAGENT_EXTENSIONS", extension)
                  .env("OTEL_BSP_SCHEDULE_DELAY", SCHEDULE_DELAY)
                  .env("PYROSCOPE_FORMAT", "jfr"),
              spans,
              profiles,
              SAMPLES,
              LONGEST);
      assertEquals(List.of(), profiles.problems());
      return new Seen(run, profiles.all());
    }
  }

  /** The same of both. */
  private static JvmLaunch asked(JvmLaunch launch, String address) {
    return launch
        .env("PYROSCOPE_APPLICATION_NAME", "truth")
        .env("PYROSCOPE_SERVER_ADDRESS", address)
        .env("PYROSCOPE_UPLOAD_INTERVAL", INTERVAL)
        .env("PYROSCOPE_PROFILING_INTERVAL", "10ms")
        .env("PYROSCOPE_PROFILER_ALLOC", "512k")
        .env("PYROSCOPE_PROFILER_LOCK", "1ms");
  }

  private static String row(String who, Seen seen) {
    TruthSpans truth = new TruthSpans(seen.run.spans());
    Tally waits = tally(seen, truth, one -> one.kind() != TruthSample.Kind.ALLOCATION);
    Tally bytes = tally(seen, truth, one -> one.kind() == TruthSample.Kind.ALLOCATION);
    TruthLinks links = TruthLinks.of(seen.run.spans(), seen.samples);
    return "| %s | %s | %s | %,d of %,d | %,d of %,d |"
        .formatted(
            who,
            cell(waits),
            cell(bytes),
            links.dead(),
            links.linked(),
            links.alive(),
            links.sampled());
  }

  private static Tally tally(Seen seen, TruthSpans truth, Predicate<TruthSample> of) {
    Tally tally = Tally.of(seen.samples.stream().filter(of).toList(), truth, seen.run::counts);
    System.out.println(tally.faults);
    return tally;
  }

  private static String cell(Tally tally) {
    return "%,d: %.1f %% / %.1f %% / %.1f %% / %.1f %%"
        .formatted(
            tally.all(),
            tally.share(tally.right),
            tally.share(tally.outer),
            tally.share(tally.wrong),
            tally.share(tally.without));
  }
}
