package io.sonde.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The lines that a process has written to one stream, read by a thread of their own. */
final class Output {
  private static final int MOST_LINES = 100_000;
  private static final int TAIL = 60;

  private final List<String> lines = new ArrayList<>();
  private boolean ended;

  private Output() {}

  static Output of(InputStream stream, String threadName) {
    Output output = new Output();
    Thread reader = new Thread(() -> output.read(stream), threadName);
    reader.setDaemon(true);
    reader.start();
    return output;
  }

  private void read(InputStream stream) {
    try (BufferedReader reader =
        new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        synchronized (this) {
          if (lines.size() < MOST_LINES) {
            lines.add(line);
          }
          notifyAll();
        }
      }
    } catch (IOException e) {
      // the process was killed: what it wrote until then is here
    } finally {
      synchronized (this) {
        ended = true;
        notifyAll();
      }
    }
  }

  synchronized List<String> lines() {
    return List.copyOf(lines);
  }

  /** The first match in any line so far or to come; null at the deadline or the stream's end. */
  synchronized @Nullable Matcher await(Pattern pattern, Duration timeout) {
    long deadline = System.nanoTime() + timeout.toNanos();
    int next = 0;
    while (true) {
      for (; next < lines.size(); next++) {
        Matcher matcher = pattern.matcher(lines.get(next));
        if (matcher.find()) {
          return matcher;
        }
      }
      long left = deadline - System.nanoTime();
      if (ended || left <= 0) {
        return null;
      }
      waitFor(left);
    }
  }

  /** Waits, a few seconds at most, until the stream is read to its end. */
  synchronized void awaitEnd() {
    long deadline = System.nanoTime() + Duration.ofSeconds(5).toNanos();
    while (!ended && deadline - System.nanoTime() > 0) {
      waitFor(deadline - System.nanoTime());
    }
  }

  @SuppressWarnings("WaitNotInLoop") // each caller is the loop
  private synchronized void waitFor(long nanos) {
    try {
      wait(Math.max(1, nanos / 1_000_000));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for output", e);
    }
  }

  /** The last lines, indented. */
  synchronized String tail() {
    int from = Math.max(0, lines.size() - TAIL);
    StringBuilder text = new StringBuilder(from > 0 ? "    … " + from + " lines before\n" : "");
    for (String line : lines.subList(from, lines.size())) {
      text.append("    ").append(line).append('\n');
    }
    return text.toString();
  }
}
