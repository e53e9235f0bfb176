package io.sonde.profiler.async;

import io.sonde.core.Delivery;
import io.sonde.core.Links;
import io.sonde.core.Messages;
import io.sonde.core.Timeline;
import io.sonde.profiler.Engine;
import io.sonde.profiler.Folder;
import io.sonde.profiler.Health;
import io.sonde.profiler.Join;
import io.sonde.profiler.Plan;
import io.sonde.profiler.Unavailable;
import io.sonde.profiler.pprof.Profile;
import io.sonde.profiler.pprof.Windows;
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

  /** A disk may be full for a while; what fails so often in a row will not go on by itself. */
  private static final int FAILURES = 5;

  private final Plan plan;
  private final Windows windows;
  private final Messages messages;
  private final Folder folder;
  private final Join join;
  private final Recording recording;
  private final WindowReader reader;
  private long windowNanos;
  private long windowEpoch;
  private Health.Window end = Health.Window.FULL;
  private int failures;

  /** Loads the library and starts it. */
  public AsyncEngine(Plan plan, Windows windows, Messages messages)
      throws IOException, Unavailable {
    this.plan = plan;
    this.windows = windows;
    this.messages = messages;
    join = new Join(plan.baggage);
    folder = Folder.open();
    try {
      Library library = Library.load(folder);
      Timeline.start();
      windowNanos = System.nanoTime();
      windowEpoch = System.currentTimeMillis();
      recording = new Recording(library, folder, plan);
      reader = new WindowReader(join, recording, plan.javaVersion >= 11);
    } catch (Throwable thrown) {
      folder.close();
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
        + " s";
  }

  @Override
  public void run() throws Exception {
    try {
      long nextLook = System.nanoTime();
      while (!Thread.currentThread().isInterrupted()) {
        Thread.sleep(STEP_MILLIS);
        long now = System.nanoTime();
        if (now - nextLook >= 0) {
          boolean crowded = Timeline.collect(join);
          nextLook = now + (crowded ? STEP_MILLIS * 1_000_000 : SECOND);
        }
        if (isOver(now)) {
          endWindow();
        }
      }
    } finally {
      recording.stop();
      folder.close();
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

  private void endWindow() throws IOException, Unavailable {
    long startEpoch = windowEpoch;
    long startNanos = windowNanos;
    windowNanos = System.nanoTime();
    windowEpoch = System.currentTimeMillis();
    try {
      recording.end();
      Timeline.collect(join);
      recording.read(reader, windowNanos - startNanos);
      failures = 0;
      // Bytes are sampled by chance: it takes more to be quite sure of a sample.
      Links.read(
          windowNanos,
          plan.cpuEvent == null ? Long.MAX_VALUE : recording.cpu(),
          plan.allocations ? 2 * recording.allocation() : Long.MAX_VALUE);
    } catch (IOException | RuntimeException e) {
      if (++failures >= FAILURES) {
        throw e;
      }
      end = Health.Window.FAILED;
      Links.unread(windowNanos);
      Delivery.PROFILES.add(Delivery.Outcome.FAILED, 1);
      messages.warn(
          "a window of " + (windowNanos - startNanos) / SECOND + " s has no profiles: " + e);
    }
    List<Profile> profiles = reader.take();
    count(profiles, windowNanos - startNanos);
    join.forgetBefore(windowNanos - (join.isCrowded() ? CLOCK_SLACK : LONGEST_WAIT));
    windows.window(startEpoch * 1_000_000, windowEpoch * 1_000_000, profiles);
  }

  private void count(List<Profile> profiles, long nanos) {
    Health health = Health.PROFILER;
    health.add(end, nanos);
    if (plan.allocations) {
      health.add(Health.Allocations.SAMPLED);
    }
    health.samples(Health.Sample.IN_SPAN, join.joined());
    health.samples(Health.Sample.OUTSIDE, join.outside());
    health.samples(Health.Sample.UNKNOWN, join.unassigned());
    for (Profile profile : profiles) {
      health.add(Health.Sample.FOLDED, profile.overflow());
    }
  }
}
