package io.sonde.profiler.async;

import io.sonde.core.Delivery;
import io.sonde.core.Links;
import io.sonde.core.Messages;
import io.sonde.core.Timeline;
import io.sonde.profiler.Engine;
import io.sonde.profiler.Folder;
import io.sonde.profiler.Governor;
import io.sonde.profiler.Health;
import io.sonde.profiler.Join;
import io.sonde.profiler.Plan;
import io.sonde.profiler.ProcessTime;
import io.sonde.profiler.Unavailable;
import io.sonde.profiler.Unseen;
import io.sonde.profiler.WindowThread;
import io.sonde.profiler.pprof.Profile;
import io.sonde.profiler.pprof.Windows;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;

/**
 * Profiles by async-profiler: what it recorded is read once a window and joined to the timeline.
 */
public final class AsyncEngine implements Engine {
  private static final long SECOND = 1_000_000_000L;

  /** A wait that began earlier than so long before its window finds no span. */
  private static final long LONGEST_WAIT = 5 * SECOND;

  private static final long SHORTEST_WINDOW = 2 * SECOND;

  /** The same for a window that somebody waits for. */
  private static final long SHORTEST_AWAITED = SECOND / 2;

  private static final long CLOCK_SLACK = SECOND / 10;
  private static final long STEP_MILLIS = 200;

  /** A tenth of what the process used is no more than chance. */
  private static final int LITTLE = 10;

  /** The same in periods as they are before any is thinned. */
  private static final int FEW = 5;

  /** Nobody takes a larger recording. */
  private static final int MOST_KEPT = 32 << 20;

  /** A disk may be full for a while; what fails so often in a row will not go on by itself. */
  private static final int FAILURES = 5;

  /** Its library takes the JVM down while it is loaded on 28, and 27 was not tried. */
  private static final int NEWEST_JAVA = 26;

  private final Plan plan;
  private final Windows windows;
  private final Messages messages;
  private final Folder folder;
  private final Join join;
  private final Recording recording;
  private final Governor governor;
  private final ProcessTime process = new ProcessTime();
  private final Unseen unseen = new Unseen();
  private final WindowReader reader;
  private long windowNanos;
  private long windowEpoch;
  private long judged = System.nanoTime();
  private Health.Window end = Health.Window.FULL;
  private int failures;
  private long pauseEnd;

  /** Somebody said that this is the end. */
  private boolean told;

  /** Loads the library and starts it. */
  public AsyncEngine(Plan plan, Windows windows, Messages messages)
      throws IOException, Unavailable {
    if (plan.javaVersion > NEWEST_JAVA) {
      throw new Unavailable("it is safe up to Java " + NEWEST_JAVA + ", and ended a JVM of 28");
    }
    this.plan = plan;
    this.windows = windows;
    this.messages = messages;
    join = new Join(plan.baggage);
    governor = Governor.ofNative(plan);
    folder = Folder.open(plan.folder);
    Recording started = null;
    try {
      Library library = Library.load(folder);
      Timeline.start();
      started = new Recording(library, folder, plan, governor, Recording::threads);
      recording = started;
      windowNanos = System.nanoTime();
      windowEpoch = System.currentTimeMillis();
      reader = new WindowReader(join, recording, governor, plan.javaVersion >= 11);
      reader.classes(plan.allocatedClass);
      if (plan.recordings) {
        reader.keep(MOST_KEPT);
      }
    } catch (Throwable thrown) {
      try {
        if (started != null) {
          started.stop();
        }
      } finally {
        folder.close();
      }
      throw thrown;
    }
  }

  @Override
  public String describe() {
    String missing = recording.missing();
    return "async-profiler"
        + (missing == null ? "" : ", " + missing)
        + ", windows of "
        + plan.windowNanos / SECOND
        + " s"
        + (plan.exceptions ? ", no exceptions: Flight Recorder alone has them" : "");
  }

  @Override
  public void run(long untilNanos) throws Exception {
    try {
      goOn(untilNanos);
      last();
    } finally {
      try {
        recording.stop();
      } finally {
        folder.close();
      }
    }
  }

  /** Whoever was told to end ends, also where this fails. */
  private void last() throws IOException {
    WindowThread.reads(true);
    told |= Thread.interrupted(); // what is written while it is set fails
    try {
      end = Health.Window.LAST;
      endWindowOrSkip();
    } finally {
      WindowThread.reads(false);
      if (told) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void goOn(long untilNanos) throws IOException {
    try {
      while (!Thread.currentThread().isInterrupted() && System.nanoTime() - untilNanos < 0) {
        Thread.sleep(STEP_MILLIS);
        long now = System.nanoTime();
        join.keepUp();
        if ((failures == 0 || now - pauseEnd >= 0) && isOver(now)) {
          WindowThread.reads(true);
          try {
            endWindowOrSkip();
          } finally {
            WindowThread.reads(false);
          }
        }
      }
    } catch (InterruptedException e) {
      told = true; // the last window is to be read yet
    }
  }

  private boolean isOver(long now) {
    long age = now - windowNanos;
    Health.Window why = null;
    if (age >= plan.windowNanos) {
      why = Health.Window.FULL;
    } else if (age >= SHORTEST_AWAITED && windows.isAwaited(windowEpoch * 1_000_000)) {
      why = Health.Window.AWAITED;
    } else if (age >= SHORTEST_WINDOW && join.isCrowded()) {
      why = Health.Window.CROWDED;
    } else if (age >= SHORTEST_WINDOW && recording.isLarge()) {
      why = Health.Window.DISK;
    }
    end = why == null ? end : why;
    return why != null;
  }

  /** Ends the window, or forgets it where it cannot be read, and all that was recorded of it. */
  private void endWindowOrSkip() throws IOException {
    try {
      endWindow();
      failures = 0;
    } catch (IOException | RuntimeException e) {
      reader.takeKept();
      reader.take(); // a part of a window would count twice where its file is read again
      if (end != Health.Window.LAST && ++failures >= FAILURES) {
        throw e;
      }
      long now = System.nanoTime();
      pauseEnd = now + plan.windowNanos;
      Delivery.PROFILES.add(Delivery.Outcome.FAILED, 1);
      Health.PROFILER.add(Health.Window.FAILED, now - windowNanos);
      messages.warn("a window of " + (now - windowNanos) / SECOND + " s has no profiles: " + e);
      Links.unread(now);
      join.forgetBefore(now - LONGEST_WAIT);
      begin(now, System.currentTimeMillis());
      if (end != Health.Window.LAST) {
        recording.again();
      }
    }
  }

  private void begin(long nanos, long epoch) {
    windowNanos = nanos;
    windowEpoch = epoch;
  }

  private void endWindow() throws IOException {
    long startEpoch = windowEpoch;
    long startNanos = windowNanos;
    long endNanos = System.nanoTime();
    long endEpoch = System.currentTimeMillis();
    if (end == Health.Window.LAST) {
      recording.finish();
    } else {
      recording.end();
    }
    Timeline.collect(join);
    recording.read(reader, endNanos - startNanos);
    // Bytes are sampled by chance: it takes more to be quite sure of a sample.
    Links.read(
        endNanos,
        plan.cpuEvent == null ? Long.MAX_VALUE : recording.cpu(),
        recording.hasAllocations() ? 2 * recording.allocation() : Long.MAX_VALUE,
        recording.cpuFactor(),
        recording.allocationFactor());
    boolean cut = end == Health.Window.CROWDED || end == Health.Window.DISK;
    Links.expect(cut ? endNanos - startNanos : plan.windowNanos);
    long used = process.used();
    rest(used);
    List<Profile> profiles = reader.take();
    byte[] recorded = reader.takeKept();
    if (recorded == null) {
      windows.withheld("it has more than " + (MOST_KEPT >> 20) + " MiB");
    } else if (recorded.length > 0) {
      windows.recording(
          startEpoch * 1_000_000,
          endEpoch * 1_000_000,
          recording.cpu(),
          new ByteArrayInputStream(recorded));
    }
    count(profiles, endNanos - startNanos);
    if (end == Health.Window.LAST) {
      governor.excuse();
    }
    if (governor.window(System.nanoTime() - judged, used)) {
      governor.excuse(); // the next file has its periods already
    }
    governor.tell(messages);
    judged = System.nanoTime();
    begin(endNanos, endEpoch);
    join.forgetBefore(endNanos - (join.isCrowded() ? CLOCK_SLACK : LONGEST_WAIT));
    windows.window(startEpoch * 1_000_000, endEpoch * 1_000_000, profiles);
  }

  /**
   * A thread may use much before its first sample where the period is long, and begins anew with
   * each file: what the process used beyond the samples is shown as that.
   */
  private void rest(long used) {
    if (plan.cpuEvent == null) {
      return;
    }
    long little = Math.max(used / LITTLE, FEW * plan.cpuPeriodNanos);
    long rest = unseen.after(used, reader.cpu(), recording.cpu(), little);
    if (rest > 0) {
      reader.rest(rest);
    }
  }

  private void count(List<Profile> profiles, long nanos) {
    Health health = Health.PROFILER;
    health.add(end, nanos);
    if (recording.hasAllocations()) {
      health.add(Health.Allocations.SAMPLED);
    }
    join.count(health);
    health.add(Health.Sample.FOLDED, recording.lost());
    for (Profile profile : profiles) {
      health.add(Health.Sample.FOLDED, profile.overflow());
    }
  }
}
