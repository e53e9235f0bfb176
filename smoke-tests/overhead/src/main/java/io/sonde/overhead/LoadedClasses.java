package io.sonde.overhead;

import io.sonde.testing.Jdk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/**
 * The JVM's own count of the classes that it has loaded.
 *
 * @param shared those of them that came from a class data or AOT archive
 */
record LoadedClasses(long all, long shared) {

  static LoadedClasses of(Jdk jdk, long pid) {
    try {
      Process jcmd =
          new ProcessBuilder(jdk.tool("jcmd").toString(), String.valueOf(pid), "PerfCounter.print")
              .redirectErrorStream(true)
              .start();
      String printed = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!jcmd.waitFor(20, TimeUnit.SECONDS)) {
        jcmd.destroyForcibly();
      }
      long shared = counter(printed, "java.cls.sharedLoadedClasses");
      return new LoadedClasses(counter(printed, "java.cls.loadedClasses") + shared, shared);
    } catch (IOException e) {
      throw new UncheckedIOException("jcmd does not run", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  private static long counter(String printed, String name) {
    return printed
        .lines()
        .filter(line -> line.startsWith(name + "="))
        .mapToLong(line -> Long.parseLong(line.substring(name.length() + 1).trim()))
        .findFirst()
        .orElse(0);
  }
}
