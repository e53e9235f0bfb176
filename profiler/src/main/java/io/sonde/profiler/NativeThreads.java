package io.sonde.profiler;

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * The CPU time of threads that Flight Recorder and async-profiler have beside those of the agent,
 * by the names that Linux shows; nothing elsewhere. What such a thread used before it was seen for
 * the first time, when it started the recorder, does not count.
 */
final class NativeThreads {
  private static final File TASKS = new File("/proc/self/task");

  /** async-profiler's threads have the name of the thread that started them. */
  private static final String[] NAMES = {"JFR ", WindowThread.NAME};

  /** Linux has it since 3.17. */
  private static final File SELF = new File("/proc/thread-self");

  /** There may be thousands of threads to be asked for their names. */
  private static final int LIST_EACH = 20;

  private static final long NANOS_A_TICK = 10_000_000;

  private final Map<String, Long> last = new HashMap<>();
  private int looks;

  /** The current thread, which the agent counts already; empty where that is not known. */
  private static String self() {
    try {
      return SELF.exists() ? SELF.getCanonicalFile().getName() : "";
    } catch (IOException e) {
      return "";
    }
  }

  /** What they have used since the last time. */
  long used() {
    if (looks++ % LIST_EACH < 2) {
      list();
    }
    long used = 0;
    for (Map.Entry<String, Long> thread : last.entrySet()) {
      long now = nanos(thread.getKey());
      long before = thread.getValue();
      if (now > before) {
        used += before < 0 ? 0 : now - before;
        thread.setValue(now);
      }
    }
    return used;
  }

  private void list() {
    String self = self(); // another one where profiling was started anew
    String[] tasks = TASKS.list();
    Map<String, Long> found = new HashMap<>();
    for (String task : tasks == null ? new String[0] : tasks) {
      if (!task.equals(self) && isOne(read(task, "comm"), !self.isEmpty())) {
        found.put(task, last.getOrDefault(task, -1L));
      }
    }
    last.clear();
    last.putAll(found);
  }

  private static boolean isOne(String name, boolean selfKnown) {
    if (!selfKnown && name.startsWith(WindowThread.NAME)) {
      return false; // rather too little than the agent's own twice
    }
    for (String start : NAMES) {
      if (name.startsWith(start)) {
        return true;
      }
    }
    return false;
  }

  /** -1 where it has ended. */
  private static long nanos(String task) {
    try {
      String counted = read(task, "schedstat");
      if (!counted.isEmpty()) {
        return Long.parseLong(counted.substring(0, counted.indexOf(' ')));
      }
      String stat = read(task, "stat"); // kernels without statistics of the scheduler
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
      return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) * NANOS_A_TICK;
    } catch (IndexOutOfBoundsException | NumberFormatException e) {
      return -1;
    }
  }

  private static String read(String task, String file) {
    byte[] bytes = new byte[512];
    try (FileInputStream in = new FileInputStream(new File(new File(TASKS, task), file))) {
      int length = in.read(bytes);
      return length <= 0 ? "" : new String(bytes, 0, length, StandardCharsets.US_ASCII);
    } catch (IOException e) {
      return "";
    }
  }
}
