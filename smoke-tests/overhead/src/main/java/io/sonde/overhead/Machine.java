package io.sonde.overhead;

import io.sonde.testing.Jdk;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** What this was measured on, in a sentence. */
final class Machine {
  private Machine() {}

  static String describe(Settings settings, List<Jdk> jdks, double busyBefore) {
    return LocalDate.now(ZoneOffset.UTC)
        + ", "
        + System.getProperty("os.name")
        + " "
        + System.getProperty("os.arch")
        + ", "
        + Runtime.getRuntime().availableProcessors()
        + " cores"
        + cpu()
        + String.format(Locale.ROOT, ", load average before the run %.1f", busyBefore)
        + "; "
        + jdks.stream().map(jdk -> "JDK " + jdk.fullVersion()).collect(Collectors.joining(", "))
        + " with `"
        + String.join(" ", settings.jvmArgs())
        + "`;\nOpenTelemetry agent "
        + settings.openTelemetryVersion()
        + ", Pyroscope's extension "
        + Settings.PYROSCOPE
        + ".\nBoth agents trace, and those so named profile CPU, allocation and locks; spans go by OTLP over HTTP and profiles as to\nPyroscope to sinks on this machine that count.";
  }

  /** What else the machine has to do: how many threads wanted to run in the last minute. */
  static double busy() {
    return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
  }

  private static String cpu() {
    try {
      return Files.readString(Path.of("/proc/cpuinfo"))
          .lines()
          .filter(line -> line.startsWith("model name"))
          .map(line -> " (" + line.substring(line.indexOf(':') + 1).trim() + ")")
          .findFirst()
          .orElse("");
    } catch (IOException e) {
      return "";
    }
  }
}
