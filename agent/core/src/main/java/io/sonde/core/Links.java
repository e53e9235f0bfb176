package io.sonde.core;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Which spans say {@code pyroscope.profile.id}: those that have samples, as far as that is known
 * when they leave.
 *
 * <p>As a rule they leave before their samples are read. Then those are linked that took at least
 * as much as lies between two samples; which of them had samples shows later, and where more than a
 * few had none, more is asked for. Where spans are held they wait for their window, and those that
 * have samples are linked and no others.
 *
 * <p>Called by the profiler's thread and the exporter's.
 */
public final class Links {
  /** How many links are remembered until it is known whether they had samples. */
  private static final int MAX_MADE = 4096;

  /** Too small for a sample to be likely: not worth the wait. */
  private static final long LEAST_CPU_NANOS = 1_000_000;

  private static final long LEAST_BYTES = 16 << 10;
  private static final long LEAST_LENGTH_NANOS = 10_000_000;

  /** Bounds the wait where no window is read, or one that lasts. */
  private static final long LONGEST_HOLD_NANOS = 75_000_000_000L;

  private static volatile @Nullable Links running;
  private static final AtomicLong alive = new AtomicLong();
  private static final AtomicLong dead = new AtomicLong();

  private final boolean held;
  private final SampledSpans samples = new SampledSpans();
  private final Rule byCpu;
  private final Rule byBytes;
  private final Rule byLength;
  private final long[] made = new long[MAX_MADE];
  private final long[] ended = new long[MAX_MADE];
  private final Rule[] rules = new Rule[MAX_MADE];
  private int count;
  private long readUntil = System.nanoTime();

  /** Of a span that began before, samples were lost, forgotten or never taken. */
  private long wholeSince = readUntil;

  /** Where the latest windows ended, the oldest one first. */
  private final long[] windows = new long[SampledSpans.WINDOWS];

  /** Some samples of this window found no room. */
  private boolean refused;

  private Links(boolean held, long cpuNanos) {
    this.held = held;
    byCpu = new Rule(cpuNanos);
    byBytes = new Rule(Long.MAX_VALUE);
    byLength = new Rule(cpuNanos);
    Arrays.fill(windows, readUntil);
  }

  /** What the samples of one span add up to. */
  public static final class Sampled {
    final long cpu;
    final long bytes;

    Sampled(long cpu, long bytes) {
      this.cpu = cpu;
      this.bytes = bytes;
    }
  }

  /**
   * Begins to link spans.
   *
   * @param held whether ended spans wait until their samples are read
   * @param cpuNanos the CPU time between two samples
   */
  public static void start(boolean held, long cpuNanos) {
    running = new Links(held, cpuNanos);
  }

  /** No span is linked any more. */
  public static void stop() {
    running = null;
  }

  /** A sample was taken in that span. */
  public static void sampled(long span, long cpuNanos, long bytes) {
    Links links = running;
    if (links != null && span != 0) {
      synchronized (links) {
        links.refused |= !links.samples.add(span, cpuNanos, bytes);
      }
    }
  }

  /**
   * All samples that were taken until then are known.
   *
   * @param cpuNanos between two samples in that window
   * @param bytes between two samples, or {@link Long#MAX_VALUE} where that says nothing
   */
  public static void read(long untilNanos, long cpuNanos, long bytes) {
    Links links = running;
    if (links != null) {
      synchronized (links) {
        links.byCpu.distance = cpuNanos;
        links.byLength.distance = cpuNanos;
        links.byBytes.distance = bytes;
        links.settle(untilNanos);
      }
    }
  }

  private void settle(long until) {
    remember(until);
    if (refused) {
      wholeSince = until;
      refused = false;
    }
    int kept = 0;
    for (int i = 0; i < count; i++) {
      if (ended[i] - until > 0) {
        made[kept] = made[i];
        ended[kept] = ended[i];
        rules[kept++] = rules[i];
      } else if (samples.get(made[i]) != null) {
        alive.incrementAndGet();
        rules[i].alive++;
      } else {
        dead.incrementAndGet();
        rules[i].dead++;
      }
    }
    count = kept;
    byCpu.adapt();
    byBytes.adapt();
    byLength.adapt();
    samples.endWindow();
  }

  private void remember(long until) {
    if (windows[0] - wholeSince > 0) {
      wholeSince = windows[0];
    }
    System.arraycopy(windows, 1, windows, 0, windows.length - 1);
    windows[windows.length - 1] = until;
    readUntil = until;
  }

  /** A window was lost: nobody knows whether the spans that ended until then had samples. */
  public static void unread(long untilNanos) {
    Links links = running;
    if (links != null) {
      synchronized (links) {
        links.count = 0;
        links.remember(untilNanos);
        links.wholeSince = untilNanos;
      }
    }
  }

  /**
   * Whether the span, which has ended, should wait for its samples before it leaves.
   *
   * @param nowNanos the time by {@link System#nanoTime()}
   */
  public static boolean waits(Span span, long nowNanos) {
    Links links = running;
    Cost cost = span.cost();
    if (links == null || !links.held || cost == null) {
      return false;
    }
    boolean worth =
        cost.cpu() >= LEAST_CPU_NANOS
            || cost.bytes() >= LEAST_BYTES
            || span.endNanos() - span.startNanos() >= LEAST_LENGTH_NANOS;
    return worth && nowNanos - span.endNanos() <= LONGEST_HOLD_NANOS && !links.isRead(span);
  }

  private synchronized boolean isRead(Span span) {
    return readUntil - span.endNanos() >= 0;
  }

  /** Hands over link and numbers of a span that leaves now. */
  static void attributes(Span span, Cost cost, Span.Out out) {
    Links links = running;
    Sampled all = null;
    if (links != null) {
      boolean linked;
      synchronized (links) {
        Sampled samples = links.samples.get(span.id());
        linked = links.link(span, cost, samples);
        all = links.isWhole(span) ? samples : null;
      }
      if (linked) {
        out.attribute(Names.PYROSCOPE_PROFILE_ID, Hex.of(span.id()));
      }
    }
    Costs.attributes(cost, all, out);
  }

  /** Whether all samples of the span are known, and none of them was forgotten since. */
  private boolean isWhole(Span span) {
    return held
        && span.kept() == null
        && readUntil - span.endNanos() >= 0
        && span.startNanos() - wholeSince >= 0;
  }

  private boolean link(Span span, Cost cost, @Nullable Sampled sampled) {
    // Samples name a kept span only from the time on at which its trace left.
    boolean known = held || span.kept() != null;
    Rule rule = sampled != null ? byCpu : known ? null : rule(span, cost);
    if (rule == null) {
      return false;
    }
    if (count < MAX_MADE) {
      made[count] = span.id();
      ended[count] = span.endNanos();
      rules[count++] = rule;
    }
    return true;
  }

  private @Nullable Rule rule(Span span, Cost cost) {
    if (cost.isIncomplete()) {
      // All that is known is how long it lasted; a call is mostly a wait.
      int kind = span.otlpKind();
      boolean works = kind == 2 || kind == 5;
      return works && byLength.suits(cost.cpu()) ? byLength : null;
    }
    return byCpu.suits(cost.cpu()) ? byCpu : byBytes.suits(cost.bytes()) ? byBytes : null;
  }

  /** Links that turned out to have samples. */
  public static long alive() {
    return alive.get();
  }

  /** Links that turned out to have none. */
  public static long dead() {
    return dead.get();
  }

  /** How much a span must have taken to be linked: more where too many links were dead. */
  static final class Rule {
    private static final int ENOUGH = 20;

    /** So many windows without enough links: perhaps because too much is asked for. */
    private static final int QUIET = 5;

    long distance;
    long alive;
    long dead;
    private double factor = 1;
    private int quiet;
    private long known;

    Rule(long distance) {
      this.distance = distance;
    }

    boolean suits(long taken) {
      return taken >= distance * factor;
    }

    void adapt() {
      long all = alive + dead;
      if (all < ENOUGH) {
        if (++quiet == QUIET) {
          relax(all);
        }
        return;
      }
      if (dead * 100 > all * 7) {
        factor = Math.min(32, factor * (1 + 2.0 * dead / all));
      } else if (dead * 100 < all * 3) {
        factor = Math.max(0.5, factor * 0.95);
      }
      forget();
    }

    /** Half as much, unless the few that there were speak against it: they are waited for. */
    private void relax(long all) {
      boolean against = all > known && dead * 100 > all * 7;
      if (factor > 1 && !against) {
        factor = Math.max(1, factor / 2);
        forget();
      }
      known = alive + dead;
      quiet = 0;
    }

    private void forget() {
      alive = 0;
      dead = 0;
      known = 0;
      quiet = 0;
    }
  }
}
