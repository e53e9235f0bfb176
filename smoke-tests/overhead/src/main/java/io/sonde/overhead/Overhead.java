package io.sonde.overhead;

import io.sonde.testing.Jdk;
import io.sonde.testing.Jdks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The harness: measures what the settings ask for, part by part, and writes the report. */
public final class Overhead {
  private static final int FIRST_WITH_AOT_OUTPUT = 25;

  private final Settings settings;
  private final Jdk jdk = Jdks.current();
  private final List<Variant> variants;
  private final List<Variant> profiling;
  private final List<Jdk> jdks = new ArrayList<>(List.of(jdk));
  private final Report report;
  private final long begin = System.nanoTime();
  private final double busyBefore = Machine.busy();

  private Overhead(Settings settings) {
    this.settings = settings;
    this.report = new Report(settings);
    this.variants =
        List.of(
            Variant.bare(),
            Variant.sonde(settings.sondeJar()),
            Variant.openTelemetry(settings.openTelemetryJar()));
    this.profiling =
        List.of(
            Variant.sondeProfiling(settings.sondeJar()),
            Variant.pyroscope(settings.openTelemetryJar(), settings.pyroscopeJar()));
  }

  public static void main(String[] args) throws IOException, InterruptedException {
    Settings settings;
    try {
      settings = Settings.parse(List.of(args), System.getenv());
    } catch (Settings.UsageException e) {
      boolean help = String.valueOf(e.getMessage()).isEmpty();
      System.err.print(help ? Settings.USAGE : "overhead: " + e.getMessage() + "\n");
      System.exit(help ? 0 : 2);
      return;
    }
    if (!Proc.isThere()) {
      System.err.println("overhead: needs Linux, for what /proc counts");
      System.exit(1);
    }
    new Overhead(settings).run(shown(args));
    System.exit(0);
  }

  private static String shown(String[] args) {
    return Stream.of(args)
        .filter(arg -> !arg.startsWith("--root=") && !arg.startsWith("--out="))
        .collect(Collectors.joining(" ", "smoke-tests/overhead/run ", ""))
        .trim();
  }

  private void run(String command) throws IOException, InterruptedException {
    if (busyBefore > Runtime.getRuntime().availableProcessors() / 2.0) {
      System.err.printf(
          Locale.ROOT,
          "overhead: the machine is busy (load %.1f): times mean little%n",
          busyBefore);
    }
    if (settings.starts()) {
      Starts shop =
          new Starts(jdk, Subject.shop(settings.shopJar()), all(variants), settings.jvmArgs());
      shop.run(settings.rounds(), until(0.30));
      report.addShopStart(shop);
      Starts hello = new Starts(jdk, Subject.hello(), variants, settings.jvmArgs());
      hello.run(settings.rounds(), until(0.45));
      report.addHelloStart(hello);
      if (!settings.quick()) {
        cachedStarts();
      }
    }
    if (settings.steady()) {
      List<Variant> twice = all(variants);
      twice.add(1, Variant.bareAgain());
      Steady steady = new Steady(settings, jdk, twice);
      steady.run(until(0.97));
      report.addSteady(steady);
    }
    if (settings.switched()) {
      Steady steady = new Steady(settings, jdk, profiling.subList(0, 1));
      steady.runSwitched(until(0.97));
      report.addSwitched(steady);
    }
    report.addJars(Files.size(settings.sondeJar()), Files.size(settings.openTelemetryJar()));
    System.out.println(report.write(command, Machine.describe(settings, jdks, busyBefore)));
    System.err.println("written to " + settings.out());
  }

  private List<Variant> all(List<Variant> tracing) {
    List<Variant> all = new ArrayList<>(tracing);
    all.addAll(profiling);
    return all;
  }

  /** With AOT caches, on the oldest JDK here that makes one in one step. */
  private void cachedStarts() throws IOException, InterruptedException {
    Jdk newer =
        Jdks.all().stream()
            .filter(found -> found.version() >= FIRST_WITH_AOT_OUTPUT)
            .findFirst()
            .orElse(null);
    if (newer == null) {
      System.err.println("AOT caches: no JDK " + FIRST_WITH_AOT_OUTPUT + " or newer here");
      return;
    }
    jdks.add(newer);
    Path folder = Files.createTempDirectory("sonde-overhead");
    try {
      AotCaches caches = new AotCaches(newer, settings.shopJar(), folder, settings.jvmArgs());
      List<Variant> trained = new ArrayList<>();
      for (Variant variant : variants) {
        trained.add(caches.train(onBootPath(variant)));
      }
      Starts starts = new Starts(newer, caches.subject(), trained, settings.jvmArgs());
      starts.run(settings.rounds(), until(0.65));
      report.addCachedStart(starts);
    } finally {
      delete(folder);
    }
  }

  /** Sonde's own classes come from the cache if its jar is on the boot path from the start. */
  private Variant onBootPath(Variant variant) {
    if (!variant.name().equals(Variant.SONDE)) {
      return variant;
    }
    List<String> args = new ArrayList<>(variant.jvmArgs());
    args.add(0, "-Xbootclasspath/a:" + settings.sondeJar());
    return new Variant(variant.name(), args);
  }

  private Deadline until(double shareOfTheTime) {
    double whole = settings.starts() && settings.steady() ? 1 : settings.starts() ? 0.65 : 0.97;
    double share = Math.min(1, shareOfTheTime / whole);
    return new Deadline(begin + (long) (settings.minutes() * 60e9 * share));
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
