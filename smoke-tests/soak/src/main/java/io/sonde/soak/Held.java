package io.sonde.soak;

import io.sonde.testing.Jdk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a JVM holds after a full collection: bytes of the agent's classes, bytes in all, and its
 * threads by name, those of the agent and all.
 */
record Held(long agentBytes, long bytes, TreeMap<String, Integer> agentThreads, long threads) {
  private static final Pattern ROW = Pattern.compile("(?m)^ *\\d+: +\\d+ +(\\d+) +(\\S+)");
  private static final Pattern TOTAL = Pattern.compile("(?m)^Total +\\d+ +(\\d+)");
  private static final Pattern THREAD = Pattern.compile("(?m)^\"([^\"]*)\"");

  static Held of(Jdk jdk, long pid) throws IOException, InterruptedException {
    String histogram = jcmd(jdk, pid, "GC.class_histogram");
    long own = 0;
    for (Matcher row = ROW.matcher(histogram); row.find(); ) {
      own += row.group(2).startsWith("io.sonde.") ? Long.parseLong(row.group(1)) : 0;
    }
    Matcher total = TOTAL.matcher(histogram);
    TreeMap<String, Integer> names = new TreeMap<>();
    long threads = 0;
    for (Matcher thread = THREAD.matcher(jcmd(jdk, pid, "Thread.print")); thread.find(); ) {
      threads++;
      if (thread.group(1).startsWith("sonde-")) {
        names.merge(thread.group(1), 1, Integer::sum);
      }
    }
    return new Held(own, total.find() ? Long.parseLong(total.group(1)) : 0, names, threads);
  }

  private static String jcmd(Jdk jdk, long pid, String what)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(jdk.tool("jcmd").toString(), Long.toString(pid), what)
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    process.waitFor(60, TimeUnit.SECONDS);
    return said;
  }
}
