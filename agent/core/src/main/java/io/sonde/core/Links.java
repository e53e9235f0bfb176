package io.sonde.core;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Which spans say {@code pyroscope.profile.id}: those that have samples, as far as that is known
 * when they leave.
 *
 * <p>Those that may have samples wait for their window where it is read soon, and are linked if
 * they have. The others leave before; of these, those are linked that took so much that, of the
 * latest spans that took as much, nearly all had samples. Where spans are held all that may have
 * samples wait, and no other span is linked.
 *
 * <p>Called by the profiler's thread and the exporter's.
 */
public final class Links {
  /** Too small for a sample to be likely: not worth the wait. */
  private static final long LEAST_CPU_NANOS = 1_000_000;

  private static final long LEAST_BYTES = 16 << 10;
  private static final long LEAST_LENGTH_NANOS = 10_000_000;

  /** Bounds the wait where no window is read, or one that lasts. */
  private static final long LONGEST_HOLD_NANOS = 75_000_000_000L;

  /** A window that is overdue by more than this part of the patience may take for ever. */
  private static final int OVERDUE = 2;

  /** Until a window was read samples may be further apart than they were asked to be. */
  private static final int UNKNOWN = 2;

  private static volatile @Nullable Links running;
  private static final AtomicLong alive = new AtomicLong();
  private static final AtomicLong dead = new AtomicLong();
  private static final AtomicLong crowdedOut = new AtomicLong();

  private final boolean held;
  private final SampledSpans samples = new SampledSpans();
  private final LinkRule byCpu;

  /** Of spans that have too little CPU time for a link. */
  private final LinkRule byBytes;

  /** Of spans whose CPU time nobody counts. */
  private final LinkRule byLength;

  /** Left before their samples were read. */
  private final Departed departed = new Departed();

  private long readUntil = System.nanoTime();

  /** Of a span that began before, samples were lost, forgotten or never taken. */
  private long wholeSince = readUntil;

  /** When that was known. */
  private long readAt = readUntil;

  /** How long windows are expected to last. */
  private long length = 1;

  /** Where the latest windows ended, the oldest one first. */
  private final long[] windows = new long[SampledSpans.WINDOWS];

  /** Some samples of this window found no room. */
  private boolean refused;

  private Links(boolean held, long cpuNanos) {
    this.held = held;
    byCpu = new LinkRule(true, UNKNOWN * cpuNanos);
    byBytes = new LinkRule(false, Long.MAX_VALUE);
    byLength = new LinkRule(false, UNKNOWN * cpuNanos);
    Arrays.fill(windows, readUntil);
  }

  /** What the samples of one span add up to. */
  public static final class Sampled {
    final long cpu;
    final long bytes;

    /** The profile has at least one of them with the span's id. */
    final boolean inProfile;

    Sampled(long cpu, long bytes, boolean inProfile) {
      this.cpu = cpu;
      this.bytes = bytes;
      this.inProfile = inProfile;
    }

    static boolean has(@Nullable Sampled its) {
      return its != null && its.inProfile;
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

  /**
   * There is a sample of that span.
   *
   * @param inProfile whether the profile had room for the span of this sample
   */
  public static void sampled(long span, long cpuNanos, long bytes, boolean inProfile) {
    Links links = running;
    if (links != null && span != 0) {
      synchronized (links) {
        links.refused |= !links.samples.add(span, cpuNanos, bytes, inProfile);
      }
    }
  }

  /**
   * All samples that were taken until then are known, and how far apart they were.
   *
   * @param bytes between two samples, or {@link Long#MAX_VALUE} where that says nothing
   */
  public static void read(long untilNanos, long cpuNanos, long bytes) {
    read(untilNanos, cpuNanos, bytes, 1, 1);
  }

  /**
   * The same where they are further apart from now on.
   *
   * @param cpuFactor how much further those of CPU time are
   * @param bytesFactor how much further those of allocations are
   */
  public static void read(
      long untilNanos, long cpuNanos, long bytes, double cpuFactor, double bytesFactor) {
    Links links = running;
    if (links != null) {
      synchronized (links) {
        links.settle(untilNanos, cpuNanos, bytes);
        links.byCpu.learn((long) (cpuNanos * cpuFactor));
        links.byLength.learn((long) (cpuNanos * cpuFactor));
        links.byBytes.learn((long) (bytes * bytesFactor));
      }
    }
  }

  private void settle(long until, long cpu, long bytes) {
    remember(until);
    if (bytes == Long.MAX_VALUE) {
      byBytes.forget();
    }
    List<Departed.One> ended = departed.until(until);
    if (refused) {
      ended.clear(); // nobody knows
      wholeSince = until;
      refused = false;
    }
    for (Departed.One one : ended) {
      Sampled its = samples.get(one.id);
      count(one.linked, Sampled.has(its));
      teach(one, its, cpu, bytes);
    }
    samples.endWindow();
  }

  private static void count(boolean linked, boolean sampled) {
    if (linked) {
      (sampled ? alive : dead).incrementAndGet();
    }
  }

  /** By samples of the kind that it is about: the others may come and go for reasons of theirs. */
  private void teach(Departed.One one, @Nullable Sampled its, long cpu, long bytes) {
    boolean hasCpu = its != null && its.cpu > 0;
    if (one.byLength) {
      byLength.seen(one.cpu, cpu, hasCpu);
      return;
    }
    byCpu.seen(one.cpu, cpu, hasCpu);
    if (!byCpu.suits(one.cpu)) {
      byBytes.seen(one.bytes, bytes, its != null && its.bytes > 0);
    }
  }

  private void remember(long until) {
    if (windows[0] - wholeSince > 0) {
      wholeSince = windows[0];
    }
    readAt = System.nanoTime();
    length = Math.max(1, until - readUntil);
    System.arraycopy(windows, 1, windows, 0, windows.length - 1);
    windows[windows.length - 1] = until;
    readUntil = until;
  }

  /** A window was lost: nobody knows whether the spans that ended until then had samples. */
  public static void unread(long untilNanos) {
    Links links = running;
    if (links != null) {
      synchronized (links) {
        links.departed.clear();
        links.remember(untilNanos);
        links.wholeSince = untilNanos;
      }
    }
  }

  /**
   * Whether the span, which has ended, should wait for its samples before it leaves.
   *
   * @param nowNanos the time by {@link System#nanoTime()}
   * @param patienceNanos after its end; it waits only where its samples are read by then, or where
   *     spans are held
   */
  public static boolean waits(Span span, long nowNanos, long patienceNanos) {
    Links links = running;
    Cost cost = span.cost();
    if (links == null || cost == null) {
      return false;
    }
    boolean worth =
        cost.isRead
            ? cost.cpu() >= LEAST_CPU_NANOS || cost.bytes() >= LEAST_BYTES
            : isEntry(span); // nobody knows, and most of them allocate that much
    worth |= length(span) >= LEAST_LENGTH_NANOS;
    return worth && links.waits(span.endNanos(), nowNanos, patienceNanos);
  }

  private synchronized boolean waits(long end, long now, long patience) {
    if (readUntil - end >= 0) {
      return false; // it is known
    }
    if (held) {
      return now - end <= LONGEST_HOLD_NANOS;
    }
    // Windows are read one length after the other, as late after their end as the last one was.
    long due = readAt + length;
    long dueForIt = due + (end - readUntil - 1) / length * length;
    return now - end <= patience && dueForIt - end <= patience && now - due <= patience / OVERDUE;
  }

  /** Windows last so long from the last one on, unless something ends them. */
  public static void expect(long windowNanos) {
    Links links = running;
    if (links != null) {
      synchronized (links) {
        links.length = Math.max(1, windowNanos);
      }
    }
  }

  /** Whether all spans that may have samples wait, and not only those that wait briefly. */
  public static boolean holdsAll() {
    Links links = running;
    return links != null && links.held;
  }

  /** A span leaves that should have waited: there is no room for so many. */
  public static void crowdedOut() {
    crowdedOut.incrementAndGet();
  }

  /** Spans that found no room to wait in. */
  public static long withoutRoom() {
    return crowdedOut.get();
  }

  /**
   * Hands over the link of a span that leaves now, and returns its samples where all of them are
   * known.
   */
  static @Nullable Sampled attribute(Span span, Cost cost, Span.Out out) {
    Links links = running;
    if (links == null) {
      return null;
    }
    Sampled its;
    boolean linked;
    boolean whole;
    synchronized (links) {
      its = links.samples.get(span.id());
      linked = links.link(span, cost, its);
      whole = links.isWhole(span);
    }
    if (linked) {
      out.attribute(Names.PYROSCOPE_PROFILE_ID, Hex.of(span.id()));
    }
    return whole ? its : null;
  }

  /** Whether all samples of the span are known, and none of them was forgotten since. */
  private boolean isWhole(Span span) {
    return span.kept() == null
        && readUntil - span.endNanos() >= 0
        && span.startNanos() - wholeSince >= 0;
  }

  private boolean link(Span span, Cost cost, @Nullable Sampled its) {
    boolean sampled = Sampled.has(its);
    // Samples name a kept span only from the time on at which its trace left.
    if (held || span.kept() != null) {
      count(sampled, sampled);
      return sampled;
    }
    boolean byLength = cost.isIncomplete();
    if (byLength && !isEntry(span)) {
      count(sampled, sampled);
      return sampled;
    }
    boolean known = sampled || isWhole(span);
    long cpu = cost.isRead ? cost.cpu() : length(span);
    boolean linked = known ? sampled : suits(cpu, cost, byLength);
    Departed.One one = new Departed.One(span, cpu, cost.bytes(), byLength, linked);
    if (known) {
      count(sampled, sampled);
      teach(one, its, byCpu.distance(), byBytes.distance());
    } else if (linked || byCpu.matters(cpu) || cost.bytes() >= LEAST_BYTES) {
      departed.add(one);
    }
    return linked;
  }

  /** A server's span or a consumer's; how long others lasted says nothing, they mostly wait. */
  private static boolean isEntry(Span span) {
    int kind = span.otlpKind();
    return kind == 2 || kind == 5;
  }

  private static long length(Span span) {
    return span.endNanos() - span.startNanos();
  }

  private boolean suits(long cpu, Cost cost, boolean byLength) {
    return byLength ? this.byLength.suits(cpu) : byCpu.suits(cpu) || byBytes.suits(cost.bytes());
  }

  /** Links that turned out to have samples. */
  public static long alive() {
    return alive.get();
  }

  /** Links that turned out to have none. */
  public static long dead() {
    return dead.get();
  }
}
