package io.sonde.overhead;

import io.sonde.overhead.Table.Against;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The measured part of the page: the budgets, a table for each measurement, and how it was made.
 */
final class Report {
  private static final String BEGIN = "<!-- measured: written by smoke-tests/overhead/run -->";
  private static final String END = "<!-- end of measured -->";

  private final Budgets budgets = new Budgets();
  private final List<String> sections = new ArrayList<>();
  private final Settings settings;

  Report(Settings settings) {
    this.settings = settings;
  }

  void addShopStart(Starts starts) {
    budgets
        .ratio("start of the shop, wall", 1.10, starts.rounds(), Start::wallMillis)
        .ratio("start of the shop, CPU", 1.10, starts.rounds(), Start::cpuMillis)
        .ratio(
            "start of the shop with a profiler that begins later, wall",
            1.15,
            starts.rounds(),
            Variant.SONDE_PROFILING,
            Variant.BARE,
            Start::wallMillis)
        .ratio(
            "start of the shop with a profiler that begins later, CPU",
            1.15,
            starts.rounds(),
            Variant.SONDE_PROFILING,
            Variant.BARE,
            Start::cpuMillis)
        .difference("memory after the start", 40, " MiB", starts.rounds(), Start::rssMiB);
    addStart(starts, "");
  }

  void addHelloStart(Starts starts) {
    budgets
        .difference("start of hello world, wall", 350, " ms", starts.rounds(), Start::wallMillis)
        .difference("start of hello world, CPU", 800, " ms", starts.rounds(), Start::cpuMillis)
        .difference("classes of hello world", 1_500, "", starts.rounds(), Start::classes)
        .difference("threads of hello world", 4, "", starts.rounds(), Start::threads);
    addStart(starts, "");
  }

  void addCachedStart(Starts starts) {
    budgets
        .ratio("start of the shop with AOT cache, wall", 1.25, starts.rounds(), Start::wallMillis)
        .ratio("start of the shop with AOT cache, CPU", 1.25, starts.rounds(), Start::cpuMillis);
    addStart(starts, ", extracted, with an AOT cache of its own");
  }

  private void addStart(Starts starts, String how) {
    Table<Start> table =
        new Table<>(starts.rounds(), "rounds: " + starts.rounds().count())
            .row("wall to the first answer, ms", "%,.0f", Start::wallMillis, Against.RATIO)
            .row("CPU until then, ms", "%,.0f", Start::cpuMillis, Against.RATIO)
            .row("CPU two seconds later, ms", "%,.0f", Start::laterCpuMillis, Against.RATIO)
            .row("loaded classes", "%,.0f", Start::classes, Against.DIFFERENCE)
            .row("of them from an archive", "%,.0f", Start::sharedClasses, Against.DIFFERENCE)
            .row("memory (RSS), MiB", "%,.0f", Start::rssMiB, Against.DIFFERENCE)
            .row("threads", "%.0f", Start::threads, Against.DIFFERENCE);
    table.cells(
        "spans that arrived, each start",
        table.columns().stream()
            .map(name -> String.format(Locale.ROOT, "%.1f", starts.spansPerStart(name)))
            .toArray(String[]::new));
    sections.add(
        "### Start of the " + starts.subject().name() + how + ", " + starts.jdk() + "\n\n" + table);
  }

  void addSteady(Steady steady) {
    budgets
        .ratio(
            "CPU per request, without the JIT's",
            1.05,
            steady.rounds(),
            Slice::requestMillisPerThousand)
        .ratio("bytes allocated per request", 1.02, steady.rounds(), Slice::bytesPerRequest)
        .atMost(
            "CPU of the agent's own threads while it profiles",
            1,
            " % of a core",
            steady.together().of(Variant.SONDE_PROFILING).ownPercent());
    Table<Slice> table =
        new Table<>(steady.rounds(), "rounds: " + steady.rounds().count())
            .row("CPU per 1,000 requests, ms", "%,.0f", Slice::cpuMillisPerThousand, Against.RATIO)
            .row("of it the JIT, ms", "%,.0f", Slice::jitMillisPerThousand, Against.DIFFERENCE)
            .row("the rest, ms", "%,.0f", Slice::requestMillisPerThousand, Against.RATIO)
            .row(
                "of it the agent's threads, ms",
                "%,.0f",
                Slice::ownMillisPerThousand,
                Against.DIFFERENCE)
            .row(
                "the application's, ms",
                "%,.0f",
                Slice::applicationMillisPerThousand,
                Against.RATIO)
            .row("bytes allocated per request", "%,.0f", Slice::bytesPerRequest, Against.RATIO)
            .row("p50, ms", "%.2f", slice -> slice.latencyMillis(0.5), Against.RATIO)
            .row("p99, ms", "%.2f", slice -> slice.latencyMillis(0.99), Against.RATIO);
    state(table, steady, "memory (RSS) at the end, MiB", Steady.State::rssMiB, "%.0f");
    state(table, steady, "threads at the end", state -> (double) state.threads(), "%.0f");
    state(table, steady, "loaded classes at the end", state -> (double) state.classes(), "%,.0f");
    state(table, steady, "spans that arrived, per request", Steady.State::spansPerRequest, "%.2f");
    state(table, steady, "unexpected answers", state -> (double) state.failed(), "%.0f");
    sections.add(
        "### Load on the Spring Boot shop, "
            + steady.rate()
            + " requests a second\n\nAll servers alive at once, slices in turn, forwards and backwards;"
            + " \"no agent, again\" is the noise. "
            + steady.warmUp()
            + "\n\n"
            + table);
    addTogether(steady.together(), table.columns());
    addSwitched(steady);
  }

  /** However they were warmed up. */
  void addSwitched(Steady steady) {
    Switched switched = steady.switched();
    budgets.ratio(
        "CPU per request with profiling, of the application's threads, against the same JVM without",
        1.03,
        switched.rounds(),
        Switched.ON,
        Switched.OFF,
        Slice::applicationMillisPerThousand);
    Table<Slice> table =
        new Table<>(switched.rounds(), Switched.OFF, "rounds: " + switched.rounds().count())
            .row(
                "CPU of the application's threads per 1,000 requests, ms",
                "%,.0f",
                Slice::applicationMillisPerThousand,
                Against.RATIO)
            .row(
                "of the agent's threads, ms",
                "%,.0f",
                Slice::ownMillisPerThousand,
                Against.DIFFERENCE)
            .row("bytes allocated per request", "%,.0f", Slice::bytesPerRequest, Against.RATIO)
            .row("p50, ms", "%.2f", slice -> slice.latencyMillis(0.5), Against.RATIO)
            .row("p99, ms", "%.2f", slice -> slice.latencyMillis(0.99), Against.RATIO);
    sections.add(
        String.format(
            Locale.ROOT,
            "### Profilers switched off and on, %d requests a second each%n%n"
                + "Two servers, of which one has its profiler on at any time (`java -jar sonde-agent.jar profiler PID on`),"
                + " %d s each; a round is both ways round. The same of two times between which nothing was switched is the"
                + " noise: %s. %s%n%n%s%n"
                + "What the profiler said at the end: %s%n",
            switched.rate(),
            switched.seconds(),
            switched.noise().asRatio(),
            steady.warmUp(),
            table,
            switched.governor()));
  }

  private void addTogether(Together together, Iterable<String> variants) {
    StringBuilder table = new StringBuilder();
    table.append("| | CPU per 1,000 requests without the JIT's, ms | agent's own threads, ms |");
    table.append(" of a core | uploads of profiles | KiB of them | samples in them |\n");
    table.append("| --- | --- | --- | --- | --- | --- | --- |\n");
    for (String variant : variants) {
      Together.Load load = together.of(variant);
      table.append(
          String.format(
              Locale.ROOT,
              "| %s | %,.0f | %,.0f | %.2f %% | %d | %,d | %,d |%n",
              variant,
              load.millisPerThousand(),
              load.ownMillis() * 1_000 / Math.max(1, load.requests()),
              load.ownPercent(),
              load.profiles().uploads(),
              load.profiles().bytes() / 1024,
              load.profiles().samples()));
    }
    sections.add(
        String.format(
            Locale.ROOT,
            "### All servers at once, %d requests a second each for %d s%n%n"
                + "Whole windows of profiles, with their reading and sending. Samples are stacks with their sums"
                + " in pprof and single events in recordings.%n%n%s",
            together.rate(),
            together.seconds(),
            table));
  }

  private static void state(
      Table<Slice> table,
      Steady steady,
      String title,
      java.util.function.Function<Steady.State, Double> field,
      String format) {
    table.cells(
        title,
        table.columns().stream()
            .map(
                name -> {
                  Steady.State state = steady.states().get(name);
                  return state == null
                      ? ""
                      : String.format(Locale.ROOT, format, field.apply(state));
                })
            .toArray(String[]::new));
  }

  /** Sizes of the jars, in bytes; null for the one that is not measured. */
  void addJars(long sonde, @Nullable Long openTelemetry) {
    budgets.atMost("agent jar", 9, " MiB", sonde / 1048576.0);
    if (openTelemetry != null) {
      sections.add(
          String.format(
              Locale.ROOT,
              "### Jars\n\nSonde %.1f MiB, OpenTelemetry %.1f MiB.\n",
              sonde / 1048576.0,
              openTelemetry / 1048576.0));
    }
  }

  /** Replaces the measured part of the page, or makes a page of it, and returns that part. */
  String write(String command, String machine) throws IOException {
    StringBuilder measured = new StringBuilder(BEGIN).append("\n\n    ");
    measured.append(command).append("\n\n").append(machine).append("\n\n");
    measured.append(
        """
        In each cell: the median, and how it compares with the same round without an agent: median, in brackets the
        least and the greatest.

        """);
    measured.append("### Budgets\n\n").append(budgets).append('\n');
    sections.forEach(section -> measured.append(section).append('\n'));
    measured.append(END);
    Path page = settings.out();
    String old = Files.exists(page) ? Files.readString(page) : "# What it costs\n\n";
    int begin = old.indexOf(BEGIN);
    int end = old.indexOf(END);
    String text =
        begin < 0 || end < begin
            ? old + measured + "\n"
            : old.substring(0, begin) + measured + old.substring(end + END.length());
    Path folder = page.toAbsolutePath().getParent();
    if (folder != null) {
      Files.createDirectories(folder);
    }
    Files.writeString(page, text);
    return measured.toString();
  }
}
