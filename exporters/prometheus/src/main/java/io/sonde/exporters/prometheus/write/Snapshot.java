package io.sonde.exporters.prometheus.write;

import io.sonde.core.metrics.Histogram;
import io.sonde.core.metrics.Instrument;
import io.sonde.core.metrics.Labels;
import io.sonde.core.metrics.MetricReader;
import io.sonde.core.metrics.MetricSource;
import io.sonde.exporters.prometheus.Histograms;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** All metrics as they stood at one moment, and how far they have been sent. */
final class Snapshot {
  private static final long LARGEST_STEP_MILLIS = 300_000;

  /** In milliseconds since 1970. */
  final long time;

  /** Older exemplars went with the snapshot before. */
  final long exemplarsFrom;

  final List<Point> points = new ArrayList<>();

  /** About how many bytes it holds on to, but for what the one after it holds as well. */
  private long bytes;

  /** Those of its labels and instruments. */
  private long sharedBytes;

  /** The first point that has not been sent. */
  int next;

  private Snapshot(long time, long exemplarsFrom) {
    this.time = time;
    this.exemplarsFrom = exemplarsFrom;
  }

  /** Reads all metrics now; series that were in the one before and are gone end here. */
  static Snapshot read(
      MetricSource source, Target target, Histograms histograms, @Nullable Snapshot before) {
    return read(source, target, histograms, before, System.currentTimeMillis());
  }

  static Snapshot read(
      MetricSource source,
      Target target,
      Histograms histograms,
      @Nullable Snapshot before,
      long now) {
    // After a larger step the times would stay wrong for as long as the clock went back.
    boolean goesOn = before != null && before.time - now <= LARGEST_STEP_MILLIS;
    // The receiver refuses a sample that is no newer than the last one.
    Snapshot snapshot =
        before != null && goesOn
            ? new Snapshot(Math.max(now, before.time + 1), before.time)
            : new Snapshot(now, 0);
    Shared shared = new Shared(before);
    snapshot.add(target.info, shared);
    source.read(snapshot.new Reader(histograms, shared));
    if (before != null) {
      snapshot.endThoseOf(before, shared);
      before.bytes -= shared.again;
    }
    snapshot.sharedBytes = shared.bytes;
    snapshot.bytes += 64 + shared.bytes;
    return snapshot;
  }

  private void add(Point point) {
    points.add(point);
    bytes += point.bytes();
  }

  /** One whose labels and instrument were there before. */
  private void add(Point point, Shared shared) {
    shared.instrument(point.instrument);
    shared.labels(point.labels);
    add(point);
  }

  private void endThoseOf(Snapshot before, Shared shared) {
    Set<List<Object>> there = new HashSet<>();
    for (Point point : points) {
      there.add(point.key());
    }
    for (Point point : before.points) {
      if (!point.stale && !there.contains(point.key())) {
        add(point.ended(), shared);
      }
    }
  }

  /** That all of its series end. */
  Snapshot ended() {
    Snapshot end = new Snapshot(time + 1, time);
    for (Point point : points) {
      if (!point.stale) {
        end.points.add(point.ended());
        end.bytes += Point.BYTES;
      }
    }
    end.sharedBytes = sharedBytes;
    end.bytes += sharedBytes;
    bytes -= sharedBytes;
    return end;
  }

  /** How many samples have not been sent. */
  int samples() {
    return samples(next, points.size());
  }

  int samples(int from, int to) {
    int samples = 0;
    for (int i = from; i < to; i++) {
      samples += points.get(i).samples;
    }
    return samples;
  }

  /** The end of a request that begins with the next point and has about so many samples. */
  int end(int samples) {
    int end = next;
    for (int left = samples; end < points.size() && left > 0; end++) {
      left -= points.get(end).samples;
    }
    return end;
  }

  /** About how many bytes would be free without it, where those before it are gone. */
  long bytes() {
    return bytes;
  }

  /** How many calls its histograms count. */
  long calls() {
    long calls = 0;
    for (Point point : points) {
      calls += point.histogram == null ? 0 : point.histogram.count();
    }
    return calls;
  }

  /** Takes what is read. */
  private final class Reader implements MetricReader {
    private final Histograms histograms;
    private final Shared shared;
    private @Nullable Instrument instrument;

    Reader(Histograms histograms, Shared shared) {
      this.histograms = histograms;
      this.shared = shared;
    }

    @Override
    public void instrument(Instrument next) {
      instrument = shared.instrument(next);
    }

    @Override
    public void number(Labels labels, long value) {
      number(labels, (double) value);
    }

    @Override
    public void number(Labels labels, double value) {
      Instrument of = instrument;
      if (of != null) {
        add(Point.of(of, shared.labels(labels), value));
      }
    }

    @Override
    public void histogram(Labels labels, Histogram histogram) {
      Instrument of = instrument;
      if (of != null) {
        add(Point.of(of, shared.labels(labels), histogram, histograms));
      }
    }
  }
}
