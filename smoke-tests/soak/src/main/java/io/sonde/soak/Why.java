package io.sonde.soak;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the agent counts, read from what {@code why PID} prints. */
record Why(
    long windows,
    long failedWindows,
    long exported,
    long waiting,
    long lost,
    long refused,
    long spans,
    long lostSpans,
    String text) {

  static Why of(String text) {
    return new Why(
        number(text, "(?m)^profiler: (\\d+) windows"),
        number(text, "(?m)^profiler: .*?(\\d+) failed"),
        number(text, "(?m)^profiles: (\\d+) exported"),
        number(text, "(?m)^profiles: .*?(\\d+) waiting"),
        number(text, "(?m)^profiles: .*?(\\d+) lost"),
        number(text, "(?m)^profiles: .*?(\\d+) refused"),
        number(text, "(?m)^spans: (\\d+) exported"),
        number(text, "(?m)^spans: .*?(\\d+) lost"),
        text);
  }

  private static long number(String text, String pattern) {
    Matcher found = Pattern.compile(pattern).matcher(text);
    return found.find() ? Long.parseLong(found.group(1)) : 0;
  }
}
