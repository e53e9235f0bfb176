package io.sonde.overhead;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** What Linux counts for a process. */
final class Proc {
  private static final long TICKS_PER_SECOND = ticksPerSecond();

  private Proc() {}

  static boolean isThere() {
    return Files.isReadable(Path.of("/proc/self/stat"));
  }

  /** CPU time, user and system, that the process has used so far, in milliseconds. */
  static long cpuMillis(long pid) {
    return cpuMillis(read(pid, "stat"));
  }

  /** The part of it that the JIT's threads used, of those that are alive. */
  static long jitMillis(long pid) {
    long millis = 0;
    try (DirectoryStream<Path> threads =
        Files.newDirectoryStream(Path.of("/proc/" + pid + "/task"))) {
      for (Path thread : threads) {
        String stat = ofThread(thread);
        if (stat.matches("(?s)\\d+ \\(C[12] Compiler.*")) {
          millis += cpuMillis(stat);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("process " + pid + " is gone", e);
    }
    return millis;
  }

  /**
   * The part of it that the agents' own threads have used, by their names: Sonde's, those of
   * OpenTelemetry and Pyroscope, and Flight Recorder's.
   */
  static double ownMillis(long pid) {
    double millis = 0;
    try (DirectoryStream<Path> threads =
        Files.newDirectoryStream(Path.of("/proc/" + pid + "/task"))) {
      for (Path thread : threads) {
        String stat = ofThread(thread);
        if (stat.matches("(?s)\\d+ \\((sonde-|JFR |BatchSpan|OkHttp |Okio |otel|Pyro|pyro).*")) {
          millis += exactMillis(thread);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("process " + pid + " is gone", e);
    }
    return millis;
  }

  /** By the scheduler, which counts nanoseconds. */
  private static double exactMillis(Path thread) {
    try {
      String counted = Files.readString(thread.resolve("schedstat"));
      return Long.parseLong(counted.substring(0, counted.indexOf(' '))) / 1e6;
    } catch (IOException e) {
      return cpuMillis(ofThread(thread));
    }
  }

  private static String ofThread(Path thread) {
    try {
      return Files.readString(thread.resolve("stat"));
    } catch (IOException e) {
      return ""; // it has ended meanwhile
    }
  }

  private static long cpuMillis(String stat) {
    String[] afterName = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    long ticks = Long.parseLong(afterName[11]) + Long.parseLong(afterName[12]);
    return ticks * 1_000 / TICKS_PER_SECOND;
  }

  /** Memory of the process that is in RAM, in MiB. */
  static double rssMiB(long pid) {
    return status(pid, "VmRSS") / 1_024.0;
  }

  static long threads(long pid) {
    return status(pid, "Threads");
  }

  private static long status(long pid, String field) {
    Map<String, String> fields = new TreeMap<>();
    read(pid, "status")
        .lines()
        .forEach(
            line -> {
              int colon = line.indexOf(':');
              fields.put(line.substring(0, colon), line.substring(colon + 1).trim());
            });
    return Long.parseLong(fields.getOrDefault(field, "0").replaceFirst(" kB", ""));
  }

  private static String read(long pid, String file) {
    try {
      return Files.readString(Path.of("/proc/" + pid + "/" + file));
    } catch (IOException e) {
      throw new UncheckedIOException("process " + pid + " is gone", e);
    }
  }

  private static long ticksPerSecond() {
    try {
      Process process = new ProcessBuilder("getconf", "CLK_TCK").start();
      String printed =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).trim();
      return Long.parseLong(printed);
    } catch (IOException | NumberFormatException e) {
      return 100; // of each Linux that says nothing else
    }
  }
}
