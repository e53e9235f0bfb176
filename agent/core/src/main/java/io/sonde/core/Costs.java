package io.sonde.core;

import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Reads the counters of a thread whenever its context changes, while a profiler runs, and gives
 * what was taken since to the span that the thread ran.
 *
 * <p>Bytes cost some 30 ns to read. CPU time is a call into the kernel, a third of a microsecond to
 * one whole, so it is not read before {@link #SHORTEST} have passed since the last time, or {@link
 * #PATIENCE} times what a call takes here: a shorter stay counts as its own length, and the next
 * reading takes that off again. Where such stays wait more than they compute they count as nothing
 * until what they were given too much is made good. So the sum over all spans is exact, each stay
 * is to twice that distance, and reading takes no more than a quarter of a percent of a thread's
 * time, unless a call takes longer than 1.25 us: the distance ends at {@link #LONGEST}.
 *
 * <p>Where reading is to be thinned, some traces are read in all of their spans, and the others not
 * at all: a thread that mostly waits is read when it goes on, however long the distance is.
 */
public final class Costs {
  /** So long at least lies between two readings of CPU time. */
  static final long SHORTEST = 50_000;

  private static final long LONGEST = 500_000;

  /** How much longer than a call the distance between two is. */
  private static final int PATIENCE = 400;

  /** The calls that are timed when this starts, and how often. */
  private static final int CALLS = 100;

  private static final int ROUNDS = 5;

  /** Spreads over all of its bits what a sampler, or who made the trace, leaves alike. */
  private static final long MIXED = 0x9E3779B97F4A7C15L;

  private static volatile int session; // 0 while off
  private static volatile @Nullable Counters counters;
  private static volatile boolean shown;
  private static volatile boolean knowsBytes;
  private static volatile long since;
  private static volatile long callNanos;
  private static volatile int halvings;
  private static volatile long distance;
  private static final LongAdder readings = new LongAdder();
  private static int sessions;

  private Costs() {}

  /** What the current thread took so far; called on application threads, so cheap. */
  public interface Counters {
    /** Its CPU time; below 0 where it has no counter. */
    long cpuNanos();

    /** Its bytes; below 0 where it has no counter. */
    long bytes();

    /** Where the JVM counts nothing: what every thread is like then, a virtual one is anywhere. */
    Counters NONE =
        new Counters() {
          @Override
          public long cpuNanos() {
            return -1;
          }

          @Override
          public long bytes() {
            return -1;
          }
        };
  }

  /**
   * Begins to count, and finds out what that costs; not on a thread of the application.
   *
   * @param attributes whether spans are to carry their numbers
   */
  public static synchronized void start(Counters by, boolean attributes) {
    counters = by;
    shown = attributes;
    knowsBytes = by.bytes() >= 0;
    callNanos = callNanos(by);
    distance = Math.max(SHORTEST, Math.min(LONGEST, callNanos * PATIENCE));
    since = System.nanoTime();
    session = ++sessions;
  }

  private static long callNanos(Counters by) {
    long least = Long.MAX_VALUE;
    for (int round = 0; round < ROUNDS; round++) {
      long begin = System.nanoTime();
      for (int i = 0; i < CALLS; i++) {
        by.cpuNanos();
      }
      least = Math.min(least, System.nanoTime() - begin);
    }
    return least / CALLS;
  }

  /** Half as many traces are read for each of these, of those that begin from now on. */
  public static void thin(int halvings) {
    Costs.halvings = halvings;
  }

  /** Of a span that begins now, which is read where those above or beside it are. */
  static Cost of(long traceLo, @Nullable Span relative) {
    Cost its = relative == null ? null : relative.cost();
    int thinned = halvings;
    return new Cost(its != null ? its.isRead : thinned == 0 || traceLo * MIXED >>> -thinned == 0);
  }

  /** How often the CPU time of a thread was read so far. */
  public static long readings() {
    return readings.sum();
  }

  /** What one of them takes at the least. */
  public static long readingNanos() {
    return callNanos;
  }

  /** Ends it. */
  public static synchronized void stop() {
    session = 0;
    counters = null;
    halvings = 0;
  }

  static boolean on() {
    return session != 0;
  }

  /** The thread of this slot, which is the current one, has run {@code span} until now. */
  static void count(Slot slot, @Nullable Span span, long nanos) {
    Counters by = counters;
    if (by == null) {
      return;
    }
    Cost cost = read(span);
    boolean unread = cost == null && read(slot.span) == null;
    Meter meter = slot.meter;
    if (meter == null || meter.session != session) {
      slot.meter = unread ? null : begin(slot, by, cost, nanos);
      return;
    }
    long elapsed = Math.max(0, nanos - meter.nanos);
    meter.nanos = nanos;
    if (unread) {
      meter.pass(elapsed, distance);
      return;
    }
    if (meter.blind) {
      if (cost != null) {
        cost.guess(elapsed);
      }
      return;
    }
    long cpu = meter.cpu(by, elapsed, distance);
    long bytes = meter.bytes(by);
    if (cost != null) {
      cost.add(cpu, bytes);
    }
  }

  private static @Nullable Cost read(@Nullable Span span) {
    Cost cost = span == null ? null : span.cost();
    return cost == null || cost.isRead ? cost : null;
  }

  /** A thread whose counters nobody reads, a virtual one, ran this span for so long at most. */
  static void uncounted(@Nullable Span span, long nanos) {
    Cost cost = read(span);
    if (cost != null) {
      cost.guess(nanos);
    }
  }

  private static Meter begin(Slot slot, Counters by, @Nullable Cost cost, long nanos) {
    long bytes = by.bytes();
    // Asking for the CPU time of a virtual thread, which has neither, makes an exception.
    long cpu = bytes < 0 && knowsBytes ? -1 : by.cpuNanos();
    if (cpu >= 0) {
      readings.increment();
    }
    Meter meter = new Meter(session, nanos, cpu, bytes);
    long born = slot.bornNanos;
    if (cost != null) {
      if (born == 0 || born - since < 0) {
        cost.guess(0); // it ran before
      } else if (meter.blind) {
        cost.guess(Math.max(0, nanos - born));
      } else {
        cost.add(cpu, Math.max(0, meter.bytes)); // the thread was born in it
      }
    }
    return meter;
  }

  /**
   * Hands over what the span took; where nobody counted, what its samples add up to.
   *
   * @param samples all of them, or null where some may be missing
   */
  static void attributes(Cost cost, Links.@Nullable Sampled samples, Span.Out out) {
    if (!shown) {
      return;
    }
    if (cost.isExact()) {
      out.attribute(Names.SONDE_CPU, cost.cpu());
      if (knowsBytes) {
        out.attribute(Names.SONDE_ALLOCATED, cost.bytes());
      }
      out.attribute(Names.SONDE_MEASURED, "counters");
    } else if (samples != null) {
      bySamples(samples, out);
    }
  }

  /** Of what has no sample, or is not sampled at all, nobody knows that it was nothing. */
  private static void bySamples(Links.Sampled samples, Span.Out out) {
    if (samples.cpu > 0) {
      out.attribute(Names.SONDE_CPU, samples.cpu);
    }
    if (samples.bytes > 0) {
      out.attribute(Names.SONDE_ALLOCATED, samples.bytes);
    }
    if (samples.cpu > 0 || samples.bytes > 0) {
      out.attribute(Names.SONDE_MEASURED, "samples");
    }
  }

  /** The last reading of one thread's counters. */
  static final class Meter {
    final int session;

    /** The thread has no counters. */
    final boolean blind;

    long nanos;
    private long cpu;
    private long bytes;

    /** The time since then. */
    private long unread;

    /** CPU time that was given away and not seen in a reading yet. */
    private long given;

    Meter(int session, long nanos, long cpu, long bytes) {
      this.session = session;
      this.nanos = nanos;
      this.cpu = cpu;
      this.bytes = bytes;
      blind = cpu < 0;
    }

    /** The time is nobody's; where it was long the next one that is somebody's begins anew. */
    void pass(long elapsed, long distance) {
      unread += elapsed;
      if (unread < distance) {
        give(elapsed, distance);
      }
    }

    private long give(long elapsed, long distance) {
      long gift = given < distance ? elapsed : 0;
      given += gift;
      return gift;
    }

    long cpu(Counters by, long elapsed, long distance) {
      unread += elapsed;
      if (unread < distance) {
        return give(elapsed, distance);
      }
      unread = 0;
      readings.increment();
      long now = by.cpuNanos();
      long taken = now - cpu - given;
      cpu = now;
      given = Math.max(0, -taken);
      return Math.max(0, taken);
    }

    long bytes(Counters by) {
      long now = by.bytes();
      long taken = now - bytes;
      bytes = now;
      return Math.max(0, taken);
    }
  }
}
