package io.sonde.profiler.sampler;

import io.sonde.core.Links;
import io.sonde.core.Timeline;
import io.sonde.profiler.CpuPeriod;
import io.sonde.profiler.Engine;
import io.sonde.profiler.Governor;
import io.sonde.profiler.Health;
import io.sonde.profiler.Join;
import io.sonde.profiler.Plan;
import io.sonde.profiler.Unavailable;
import io.sonde.profiler.pprof.Profile;
import io.sonde.profiler.pprof.Windows;
import java.lang.management.ThreadInfo;
import java.util.Collections;

/**
 * CPU profiles where no other engine runs: the stacks of threads that compute, each weighted by its
 * thread's CPU time.
 */
public final class SamplerEngine implements Engine {
  private static final long SECOND = 1_000_000_000L;
  private static final long MILLI = 1_000_000L;
  private static final long LONGEST_PERIOD = SECOND;

  /** Each look may take a hundredth of the time until the next one. */
  private static final int SHARE = 100;

  /** Of so many looks the shortest says what one costs: in others this thread had to wait. */
  private static final int COSTS = 8;

  private static final int MOST_STACKS = 16;
  private static final long SHORTEST_WINDOW = 2 * SECOND;

  /** The same for a window that somebody waits for. */
  private static final long SHORTEST_AWAITED = SECOND / 2;

  private static final long SLACK = SECOND / 10;

  private final Plan plan;
  private final Windows windows;
  private final BusyThreads busy;
  private final Join join;
  private final long period;
  private final Governor governor;
  private Moments moments = new Moments();
  private long windowNanos;
  private long windowEpoch;
  private final long[] costs = new long[COSTS];
  private int looks;
  private long looked; // how far apart the last two looks are
  private long judged = System.nanoTime();

  /** Looks at the threads for the first time. */
  public SamplerEngine(Plan plan, Windows windows) throws Unavailable {
    this.plan = plan;
    this.windows = windows;
    join = new Join(plan.baggage);
    period = Math.max(CpuPeriod.LEAST_BUSY, plan.cpuPeriodNanos);
    governor = Governor.ofProcess(plan);
    busy = new BusyThreads();
    Timeline.start();
    windowNanos = System.nanoTime();
    windowEpoch = System.currentTimeMillis();
  }

  @Override
  public String describe() {
    return "stacks of busy threads, each "
        + period / MILLI
        + " ms: CPU alone, at safepoints, windows of "
        + plan.windowNanos / SECOND
        + " s";
  }

  @Override
  public void run(long untilNanos) throws Exception {
    boolean told = false;
    try {
      goOn(untilNanos);
    } catch (InterruptedException e) {
      told = true; // the last window is to be ended yet
    }
    endWindow(Health.Window.LAST);
    if (told) {
      Thread.currentThread().interrupt();
    }
  }

  private void goOn(long untilNanos) throws InterruptedException {
    long next = System.nanoTime();
    while (!Thread.currentThread().isInterrupted() && System.nanoTime() - untilNanos < 0) {
      looked = pause(look());
      next = System.nanoTime() + looked;
      while (System.nanoTime() - next < 0) {
        long left = Math.max(1, (next - System.nanoTime()) / MILLI);
        Thread.sleep(Math.min(200, left));
        join.keepUp();
      }
      long age = System.nanoTime() - windowNanos;
      if (age >= plan.windowNanos) {
        endWindow(Health.Window.FULL);
      } else if (age >= SHORTEST_AWAITED && windows.isAwaited(windowEpoch * MILLI)) {
        endWindow(Health.Window.AWAITED);
      } else if (age >= SHORTEST_WINDOW && join.isCrowded()) {
        endWindow(Health.Window.CROWDED);
      }
    }
  }

  /** How long until the next look, where this one took so much. */
  private long pause(long took) {
    costs[looks++ % COSTS] = took;
    long least = Long.MAX_VALUE;
    for (int i = 0; i < Math.min(looks, COSTS); i++) {
      least = Math.min(least, costs[i]);
    }
    long thinned = governor.thinned(Governor.Kind.CPU, period);
    return Math.min(LONGEST_PERIOD, Math.max(thinned, least * SHARE));
  }

  private long look() {
    long start = System.nanoTime();
    if (busy.look() > 0) {
      long from = System.nanoTime();
      ThreadInfo[] all = busy.stacks(MOST_STACKS);
      long to = System.nanoTime();
      for (ThreadInfo info : all) {
        // A thread that waits now has used its CPU time elsewhere.
        if (info != null
            && info.getThreadState() == Thread.State.RUNNABLE
            && moments.add(info.getThreadId(), from, to, info.getStackTrace())) {
          busy.sampled(info.getThreadId());
          governor.count(Governor.Kind.CPU, 1);
        }
      }
    }
    return System.nanoTime() - start;
  }

  private void endWindow(Health.Window why) {
    long startNanos = windowNanos;
    long startEpoch = windowEpoch;
    // The window ends where its CPU time is read: what follows may take long on a busy machine.
    busy.lookAtAll();
    long process = busy.process();
    windowNanos = System.nanoTime();
    windowEpoch = System.currentTimeMillis();
    Timeline.collect(join);
    long distance = Math.max(period, looked);
    Profile profile = moments.join(join, busy, process, distance);
    Links.read(windowNanos, distance, Long.MAX_VALUE);
    Links.expect(why == Health.Window.CROWDED ? windowNanos - startNanos : plan.windowNanos);
    if (why == Health.Window.LAST) {
      governor.excuse();
    }
    governor.window(System.nanoTime() - judged, process);
    judged = System.nanoTime();
    busy.endWindow();
    moments = new Moments();
    join.forgetBefore(windowNanos - SLACK);
    count(why, windowNanos - startNanos, profile);
    windows.window(
        startEpoch * MILLI,
        windowEpoch * MILLI,
        profile.isEmpty() ? Collections.emptyList() : Collections.singletonList(profile));
  }

  private void count(Health.Window why, long nanos, Profile profile) {
    Health health = Health.PROFILER;
    health.add(why, nanos);
    join.count(health);
    health.add(Health.Sample.FOLDED, profile.overflow());
  }
}
