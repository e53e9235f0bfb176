package io.sonde.profiler.jfr;

import io.sonde.profiler.chunk.Chunk;
import io.sonde.profiler.chunk.Type;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * From a recording's ticks to {@link System#nanoTime()}, by the moments that were taken by both.
 *
 * <p>How fast the ticks go is measured: what the recording says of it is, for many processors, what
 * stands in their name, and the counter goes at another pace by up to a tenth.
 *
 * <p>A tick is taken before the nanosecond that stands in the same event, so what lay between makes
 * the latter too late. The line that no moment lies below, as near to them as it can be, is too
 * late by what it takes at the least, which is half of what the shortest event takes.
 */
final class Clock implements Chunk.Events {
  private static final Comparator<Moment> ORDER =
      Comparator.comparingLong(Moment::ticks).thenComparingLong(Moment::nanos);
  private static final int FREQUENCY_AT = 56;

  /** Moments nearer to each other say too little of the pace. */
  private static final long FAR_NANOS = 500_000_000;

  /**
   * So many moments, of four seconds, share a line: the pace changes where the time of day is
   * corrected. By 200 parts in a million in the middle of them it is off by 0.2 ms there.
   */
  private static final int GROUP = 20;

  /** One of the clocks stood still for a while, as they do where a laptop sleeps. */
  private static final double ABSURD = 2;

  private final double saidNanosPerTick;

  /** What was known before, until it is measured. */
  private double nanosPerTick;

  private Moment[] moments = new Moment[64];
  private int count;
  private long shortest = Long.MAX_VALUE;

  /** One for each group of moments, in order; none until they are needed. */
  private final List<Line> lines = new ArrayList<>();

  /** The same moment by both clocks. */
  private record Moment(long ticks, long nanos) {}

  /** Through that moment. */
  private record Line(long from, Moment at, double nanosPerTick) {
    long nanos(long ticks) {
      return at.nanos + (long) ((ticks - at.ticks) * nanosPerTick);
    }
  }

  /**
   * @param ticksPerSecond as the recording says
   * @param pace nanoseconds a tick as they were measured before, 0 where they were not
   */
  Clock(long ticksPerSecond, double pace) {
    saidNanosPerTick = ticksPerSecond <= 0 ? 1 : 1e9 / ticksPerSecond;
    nanosPerTick = pace > 0 ? pace : saidNanosPerTick;
  }

  static Clock of(Path recording, double pace) throws IOException {
    try (InputStream file = Files.newInputStream(recording);
        DataInputStream in = new DataInputStream(file)) {
      in.skipNBytes(FREQUENCY_AT);
      return new Clock(in.readLong(), pace);
    }
  }

  /** Before anything that is asked for of that chunk. */
  void read(Chunk chunk) {
    chunk.read(this);
  }

  @Override
  public boolean wants(Type type) {
    return type.name().equals(Tick.NAME);
  }

  @Override
  public void event(Type type, long[] values) {
    tick(
        values[type.index("startTime")],
        values[type.index("duration")],
        values[type.index("nano")]);
  }

  void tick(long ticks, long duration, long nanos) {
    if (count == moments.length) {
      moments = Arrays.copyOf(moments, count * 2);
    }
    moments[count++] = new Moment(ticks, nanos);
    shortest = Math.min(shortest, duration);
    lines.clear();
  }

  boolean isSet() {
    return count > 0;
  }

  /** The latest moment that was taken. */
  long last() {
    draw();
    return moments[count - 1].nanos;
  }

  long nanos(long ticks) {
    draw();
    int at = lines.size() - 1;
    while (at > 0 && lines.get(at).from > ticks) {
      at--;
    }
    return lines.get(at).nanos(ticks) - scaled(shortest) / 2;
  }

  /** How long something took. */
  long scaled(long ticks) {
    return (long) (ticks * pace());
  }

  /** What was asked for in nanoseconds, which the recording has turned into ticks. */
  long said(long ticks) {
    return (long) (ticks * saidNanosPerTick);
  }

  /** Nanoseconds a tick, for the next window. */
  double pace() {
    draw();
    return nanosPerTick;
  }

  private void draw() {
    if (!lines.isEmpty() || count == 0) {
      return;
    }
    Arrays.sort(moments, 0, count, ORDER);
    int end;
    for (int start = 0; start < count; start = end) {
      end = count - start < 2 * GROUP ? count : start + GROUP;
      lines.add(below(start, end));
    }
  }

  private Line below(int start, int end) {
    Moment first = moments[start];
    Line measured = moments[end - 1].nanos - first.nanos < FAR_NANOS ? null : nearest(start, end);
    if (measured == null) {
      return new Line(first.ticks, lowest(start, end), nanosPerTick);
    }
    nanosPerTick = measured.nanosPerTick;
    return measured;
  }

  /** Null where it would be absurd. */
  private @Nullable Line nearest(int start, int end) {
    Moment first = moments[start];
    // Those that no line between two others passes below, from the left to the right.
    Moment[] hull = new Moment[end - start];
    int size = 0;
    for (int i = start; i < end; i++) {
      while (size > 1 && !isBelow(hull[size - 2], hull[size - 1], moments[i])) {
        size--;
      }
      if (size == 0 || moments[i].ticks > hull[size - 1].ticks) {
        hull[size++] = moments[i];
      }
    }
    // Of the lines through two neighbours that is nearest which passes below the middle of all.
    double middle = 0;
    for (int i = start; i < end; i++) {
      middle += (double) (moments[i].ticks - first.ticks) / (end - start);
    }
    if (size < 2) {
      return null;
    }
    int right = 1;
    while (right < size - 1 && hull[right].ticks - first.ticks < middle) {
      right++;
    }
    Moment from = hull[right - 1];
    Moment to = hull[right];
    double pace = (double) (to.nanos - from.nanos) / (to.ticks - from.ticks);
    boolean absurd = pace > saidNanosPerTick * ABSURD || pace < saidNanosPerTick / ABSURD;
    return absurd ? null : new Line(first.ticks, from, pace);
  }

  /** Whether the one in the middle lies below the line through the others. */
  private static boolean isBelow(Moment left, Moment middle, Moment right) {
    double there = (double) (middle.nanos - left.nanos) * (right.ticks - left.ticks);
    return there < (double) (right.nanos - left.nanos) * (middle.ticks - left.ticks);
  }

  /** As far as the pace is what it was. */
  private Moment lowest(int start, int end) {
    Moment lowest = moments[start];
    for (int i = start + 1; i < end; i++) {
      double line = (moments[i].ticks - lowest.ticks) * nanosPerTick;
      if (moments[i].nanos - lowest.nanos < line) {
        lowest = moments[i];
      }
    }
    return lowest;
  }
}
