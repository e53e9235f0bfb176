package io.sonde.profiler;

import io.sonde.profiler.pprof.FrameKind;
import io.sonde.profiler.pprof.Profile;
import io.sonde.profiler.pprof.ProfileType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Where all platform threads are now, on any JVM: as pprof, or as text. */
public final class ThreadDump {
  private final Map<Thread, StackTraceElement[]> threads;

  private ThreadDump(Map<Thread, StackTraceElement[]> threads) {
    this.threads = threads;
  }

  /** Looks; all threads stop for that moment. */
  public static ThreadDump take() {
    return new ThreadDump(Thread.getAllStackTraces());
  }

  /** The number of threads by stack, as gzip pprof. */
  public byte[] pprof() {
    Profile profile = new Profile(ProfileType.THREADS);
    profile.period(1);
    for (StackTraceElement[] trace : threads.values()) {
      int[] frames = new int[Math.max(1, trace.length)];
      frames[0] = profile.frame("", "[no stack]", null, null, 0, FrameKind.NATIVE);
      for (int i = 0; i < trace.length; i++) {
        StackTraceElement at = trace[i];
        frames[i] =
            profile.frame(
                at.getClassName(),
                at.getMethodName(),
                null,
                at.getFileName(),
                at.getLineNumber(),
                at.isNativeMethod() ? FrameKind.NATIVE : FrameKind.JAVA);
      }
      profile.add(profile.stack(frames, frames.length, false), 0, 0, 0, null, 1, 0);
    }
    return profile.encode(System.currentTimeMillis() * 1_000_000, 0);
  }

  /** Each stack once, with the number of threads that have it, the most frequent first. */
  public void byStack(Appendable text) throws IOException {
    Map<List<StackTraceElement>, Integer> counts = new HashMap<>();
    for (StackTraceElement[] trace : threads.values()) {
      counts.merge(Arrays.asList(trace), 1, Integer::sum);
    }
    List<Map.Entry<List<StackTraceElement>, Integer>> sorted = new ArrayList<>(counts.entrySet());
    sorted.sort((one, other) -> Integer.compare(other.getValue(), one.getValue()));
    text.append("goroutine profile: total " + threads.size() + '\n');
    for (Map.Entry<List<StackTraceElement>, Integer> entry : sorted) {
      text.append(entry.getValue() + " @\n");
      append(text, "#\t", entry.getKey());
    }
  }

  /** Each thread by itself. */
  public void byThread(Appendable text) throws IOException {
    for (Map.Entry<Thread, StackTraceElement[]> entry : threads.entrySet()) {
      Thread thread = entry.getKey();
      text.append("goroutine " + thread.getId() + " [" + thread.getState());
      text.append(thread.isDaemon() ? ", daemon]: " : "]: ").append(thread.getName()).append('\n');
      append(text, "\tat ", Arrays.asList(entry.getValue()));
    }
  }

  private static void append(Appendable text, String before, List<StackTraceElement> leafFirst)
      throws IOException {
    for (StackTraceElement at : leafFirst) {
      text.append(before).append(at.toString()).append('\n');
    }
    text.append('\n');
  }
}
