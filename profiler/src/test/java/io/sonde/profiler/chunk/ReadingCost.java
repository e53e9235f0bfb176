package io.sonde.profiler.chunk;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import io.sonde.profiler.pprof.FrameKind;
import io.sonde.profiler.pprof.Profile;
import io.sonde.profiler.pprof.ProfileType;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordedStackTrace;
import jdk.jfr.consumer.RecordingFile;

/**
 * Prints what it costs to read a recording, and to fold its stacks, by the JDK's reader and by
 * ours; run by hand with a file, such as {@code jcmd PID JFR.dump name=Sonde filename=FILE} makes,
 * and the name of one of the two.
 */
public final class ReadingCost {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final OperatingSystemMXBean SYSTEM =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
  private static final int[] SHOWN = {1, 2, 5, 20, 60, 200};

  private ReadingCost() {}

  public static void main(String[] arguments) throws Exception {
    Path file = Path.of(arguments[0]);
    boolean ours = arguments[1].equals("ours");
    Chunks chunks = new Chunks();
    long all = SYSTEM.getProcessCpuTime();
    int round = 0;
    for (int shown : SHOWN) {
      long cpu = 0;
      long bytes = 0;
      int events = 0;
      while (round < shown) {
        long cpuBefore = THREADS.getCurrentThreadCpuTime();
        long bytesBefore = THREADS.getCurrentThreadAllocatedBytes();
        events = ours ? ours(file, chunks) : theirs(file);
        cpu = THREADS.getCurrentThreadCpuTime() - cpuBefore;
        bytes = THREADS.getCurrentThreadAllocatedBytes() - bytesBefore;
        round++;
      }
      long process = SYSTEM.getProcessCpuTime() - all;
      System.out.printf(
          Locale.ROOT,
          "%s, read for the %d. time: %.1f ms, %.1f MiB, %d events with stacks; the process %.0f ms so far%n",
          arguments[1],
          round,
          cpu / 1e6,
          bytes / 1048576.0,
          events,
          process / 1e6);
    }
  }

  private static int ours(Path file, Chunks chunks) throws IOException {
    Profile profile = new Profile(ProfileType.CPU);
    int[] events = new int[1];
    chunks.read(
        file.toFile(),
        Long.MAX_VALUE,
        chunk -> {
          ChunkStacks names = new ChunkStacks(chunk, null);
          LongInts known = new LongInts();
          chunk.read(
              (type, values) -> {
                int at = type.index("stackTrace");
                if (at < 0) {
                  return;
                }
                events[0]++;
                if (known.get(values[at]) < 0) {
                  known.put(values[at], names.stack(profile, values[at], ""));
                }
              });
        });
    return events[0];
  }

  private static int theirs(Path file) throws IOException {
    Profile profile = new Profile(ProfileType.CPU);
    IdentityHashMap<RecordedStackTrace, Integer> known = new IdentityHashMap<>();
    int events = 0;
    try (RecordingFile recording = new RecordingFile(file)) {
      while (recording.hasMoreEvents()) {
        RecordedEvent event = recording.readEvent();
        RecordedStackTrace trace = event.getStackTrace();
        if (trace == null) {
          continue;
        }
        events++;
        if (!known.containsKey(trace)) {
          known.put(trace, stack(profile, trace));
        }
      }
    }
    return events;
  }

  private static int stack(Profile profile, RecordedStackTrace trace) {
    List<RecordedFrame> all = trace.getFrames();
    int[] frames = new int[all.size()];
    for (int i = 0; i < frames.length; i++) {
      RecordedFrame frame = all.get(i);
      frames[i] =
          profile.frame(
              frame.getMethod().getType().getName(),
              frame.getMethod().getName(),
              frame.getMethod().getDescriptor(),
              null,
              frame.getLineNumber(),
              FrameKind.JAVA);
    }
    return profile.stack(frames, frames.length, trace.isTruncated());
  }
}
