package io.sonde.core;

import io.sonde.core.metrics.Instrument;
import io.sonde.core.metrics.Labels;
import io.sonde.core.metrics.MetricReader;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The series of one instrument, found by the values of their labels; a bounded number, and one more
 * that takes all calls beyond it.
 */
abstract class RedTable {
  private static final int FIRST_SLOTS = 64;
  private static final Labels OVERFLOW = Labels.of("otel.metric.overflow", true);

  // Open addressing with linear probing. Series are only ever added, under the lock, into a table
  // at most a quarter full, which is copied when it is; readers probe without a lock and at worst
  // miss a series that is being added, then look again under the lock.
  private volatile AtomicReferenceArray<@Nullable RedSeries> slots =
      new AtomicReferenceArray<>(FIRST_SLOTS);
  private volatile boolean full;
  private int size;
  private final int maxSeries;
  private final Instrument instrument;
  private final RedBounds bounds;
  private final @Nullable Instrument messages;
  private final RedSeries overflow;

  RedTable(int maxSeries, Instrument instrument, RedBounds bounds) {
    this(maxSeries, instrument, bounds, null);
  }

  /**
   * Holds no series yet.
   *
   * @param messages what counts the messages of the calls, where they are about messages
   */
  RedTable(int maxSeries, Instrument instrument, RedBounds bounds, @Nullable Instrument messages) {
    this.maxSeries = maxSeries;
    this.instrument = instrument;
    this.bounds = bounds;
    this.messages = messages;
    overflow = series("", null, null, null, null, null, 0, 0, OVERFLOW);
  }

  private RedSeries series(
      String a,
      @Nullable String b,
      @Nullable String c,
      @Nullable String d,
      @Nullable String e,
      @Nullable String error,
      int status,
      int port,
      Labels labels) {
    boolean counted = messages != null;
    return new RedSeries(a, b, c, d, e, error, status, port, labels, bounds, counted);
  }

  /** The labels of a series with these values. */
  abstract Labels labels(
      String a,
      @Nullable String b,
      @Nullable String c,
      @Nullable String d,
      @Nullable String e,
      @Nullable String error,
      int status,
      int port);

  RedSeries series(
      String a,
      @Nullable String b,
      @Nullable String c,
      @Nullable String d,
      @Nullable String e,
      @Nullable String error,
      int status,
      int port) {
    int hash = RedSeries.hash(a, b, c, d, e, error, status, port);
    RedSeries found = find(slots, hash, a, b, c, d, e, error, status, port);
    if (found != null) {
      return found;
    }
    return full ? overflow : add(hash, a, b, c, d, e, error, status, port);
  }

  private static @Nullable RedSeries find(
      AtomicReferenceArray<@Nullable RedSeries> slots,
      int hash,
      String a,
      @Nullable String b,
      @Nullable String c,
      @Nullable String d,
      @Nullable String e,
      @Nullable String error,
      int status,
      int port) {
    int mask = slots.length() - 1;
    for (int i = hash & mask; ; i = i + 1 & mask) {
      RedSeries series = slots.get(i);
      if (series == null || series.is(a, b, c, d, e, error, status, port)) {
        return series;
      }
    }
  }

  private synchronized RedSeries add(
      int hash,
      String a,
      @Nullable String b,
      @Nullable String c,
      @Nullable String d,
      @Nullable String e,
      @Nullable String error,
      int status,
      int port) {
    RedSeries found = find(slots, hash, a, b, c, d, e, error, status, port);
    if (found != null) {
      return found;
    }
    if (size >= maxSeries) {
      full = true;
      return overflow;
    }
    if (++size * 4 > slots.length()) {
      slots = doubled(slots);
    }
    Labels labels = labels(a, b, c, d, e, error, status, port);
    RedSeries series = series(a, b, c, d, e, error, status, port, labels);
    put(slots, series);
    return series;
  }

  private static AtomicReferenceArray<@Nullable RedSeries> doubled(
      AtomicReferenceArray<@Nullable RedSeries> slots) {
    AtomicReferenceArray<@Nullable RedSeries> larger =
        new AtomicReferenceArray<>(slots.length() * 2);
    for (int i = 0; i < slots.length(); i++) {
      RedSeries series = slots.get(i);
      if (series != null) {
        put(larger, series);
      }
    }
    return larger;
  }

  private static void put(AtomicReferenceArray<@Nullable RedSeries> slots, RedSeries series) {
    int mask = slots.length() - 1;
    int i = series.hash() & mask;
    while (slots.get(i) != null) {
      i = i + 1 & mask;
    }
    slots.set(i, series);
  }

  synchronized boolean isEmpty() {
    return size == 0;
  }

  /** How many calls went to all series. */
  long calls() {
    AtomicReferenceArray<@Nullable RedSeries> all = slots;
    long calls = overflow.count();
    for (int i = 0; i < all.length(); i++) {
      RedSeries series = all.get(i);
      calls += series == null ? 0 : series.count();
    }
    return calls;
  }

  /** How many calls went to the series for all beyond the bound. */
  long overflowed() {
    return overflow.count();
  }

  Instrument instrument() {
    return instrument;
  }

  void read(MetricReader reader) {
    AtomicReferenceArray<@Nullable RedSeries> all = slots;
    boolean first = true;
    for (int i = -1; i < all.length(); i++) {
      RedSeries series = i < 0 ? overflow : all.get(i);
      if (series == null || i < 0 && series.count() == 0) {
        continue;
      }
      if (first) {
        reader.instrument(instrument);
        first = false;
      }
      reader.histogram(series.labels, series.histogram());
    }
  }

  /** As {@link RedSeries#settle}, for all. */
  void settle() {
    AtomicReferenceArray<@Nullable RedSeries> all = slots;
    overflow.settle();
    for (int i = 0; i < all.length(); i++) {
      RedSeries series = all.get(i);
      if (series != null) {
        series.settle();
      }
    }
  }

  /** Hands on how many messages the calls were for. */
  void readMessages(MetricReader reader) {
    Instrument counter = messages;
    AtomicReferenceArray<@Nullable RedSeries> all = slots;
    boolean first = true;
    for (int i = -1; counter != null && i < all.length(); i++) {
      RedSeries series = i < 0 ? overflow : all.get(i);
      long count = series == null ? 0 : series.messages();
      if (series == null || count == 0) {
        continue;
      }
      if (first) {
        reader.instrument(counter);
        first = false;
      }
      reader.number(series.labels.without(Names.MESSAGING_OPERATION_TYPE), count);
    }
  }
}
