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
  /** In milliseconds since 1970. */
  final long time;

  /** Older exemplars went with the snapshot before. */
  final long exemplarsFrom;

  final List<Point> points = new ArrayList<>();

  /** The first point that has not been sent. */
  int next;

  private Snapshot(long time, long exemplarsFrom) {
    this.time = time;
    this.exemplarsFrom = exemplarsFrom;
  }

  /** Reads all metrics now; series that were in the one before and are gone end here. */
  static Snapshot read(
      MetricSource source, Target target, Histograms histograms, @Nullable Snapshot before) {
    long now = System.currentTimeMillis();
    // The receiver refuses a sample that is no newer than the last one.
    Snapshot snapshot =
        new Snapshot(
            before == null ? now : Math.max(now, before.time + 1),
            before == null ? 0 : before.time);
    snapshot.points.add(target.info);
    source.read(snapshot.new Reader(histograms));
    if (before != null) {
      snapshot.endThoseOf(before);
    }
    return snapshot;
  }

  private void endThoseOf(Snapshot before) {
    Set<List<Object>> there = new HashSet<>();
    for (Point point : points) {
      there.add(point.key());
    }
    for (Point point : before.points) {
      if (!point.stale && !there.contains(point.key())) {
        points.add(point.ended());
      }
    }
  }

  /** That all of its series end. */
  Snapshot ended() {
    Snapshot end = new Snapshot(time + 1, time);
    for (Point point : points) {
      if (!point.stale) {
        end.points.add(point.ended());
      }
    }
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

  /** About how many bytes it holds on to. */
  long bytes() {
    long bytes = 64;
    for (Point point : points) {
      bytes += point.bytes();
    }
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
    private @Nullable Instrument instrument;

    Reader(Histograms histograms) {
      this.histograms = histograms;
    }

    @Override
    public void instrument(Instrument next) {
      instrument = next;
    }

    @Override
    public void number(Labels labels, long value) {
      number(labels, (double) value);
    }

    @Override
    public void number(Labels labels, double value) {
      Instrument of = instrument;
      if (of != null) {
        points.add(Point.of(of, labels, value));
      }
    }

    @Override
    public void histogram(Labels labels, Histogram histogram) {
      Instrument of = instrument;
      if (of != null) {
        points.add(Point.of(of, labels, histogram, histograms));
      }
    }
  }
}
