package io.sonde.core;

import io.sonde.core.metrics.Exemplar;
import io.sonde.core.metrics.Exponential;
import io.sonde.core.metrics.Histogram;
import io.sonde.core.metrics.Labels;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** One histogram of durations with the values of its labels, in the order of the instrument. */
final class RedSeries {
  private final String a;
  private final @Nullable String b;
  private final @Nullable String c;
  private final @Nullable String d;
  private final @Nullable String e;
  private final @Nullable String error;
  private final int status;
  private final int port;

  final Labels labels;
  private final RedBounds bounds;
  private final AtomicLongArray buckets;
  private final LongAdder nanos = new LongAdder();
  private final RecentMax max = new RecentMax();
  private final @Nullable LongAdder messages;
  private final @Nullable ExponentialCounts exponential;
  private final AtomicReferenceArray<@Nullable ExemplarSlot> exemplars;

  RedSeries(
      String a,
      @Nullable String b,
      @Nullable String c,
      @Nullable String d,
      @Nullable String e,
      @Nullable String error,
      int status,
      int port,
      Labels labels,
      RedBounds bounds,
      boolean ofMessages) {
    this.a = a;
    this.b = b;
    this.c = c;
    this.d = d;
    this.e = e;
    this.error = error;
    this.status = status;
    this.port = port;
    this.labels = labels;
    this.bounds = bounds;
    this.buckets = new AtomicLongArray(bounds.buckets());
    this.messages = ofMessages ? new LongAdder() : null;
    this.exponential =
        Red.exponential() && bounds != RedBounds.NONE ? new ExponentialCounts() : null;
    this.exemplars = new AtomicReferenceArray<>(bounds.buckets());
  }

  boolean is(
      String a,
      @Nullable String b,
      @Nullable String c,
      @Nullable String d,
      @Nullable String e,
      @Nullable String error,
      int status,
      int port) {
    return this.status == status
        && this.port == port
        && this.a.equals(a)
        && Objects.equals(this.b, b)
        && Objects.equals(this.c, c)
        && Objects.equals(this.d, d)
        && Objects.equals(this.e, e)
        && Objects.equals(this.error, error);
  }

  int hash() {
    return hash(a, b, c, d, e, error, status, port);
  }

  static int hash(
      String a,
      @Nullable String b,
      @Nullable String c,
      @Nullable String d,
      @Nullable String e,
      @Nullable String error,
      int status,
      int port) {
    int hash = a.hashCode();
    hash = hash * 31 + (b == null ? 0 : b.hashCode());
    hash = hash * 31 + (c == null ? 0 : c.hashCode());
    hash = hash * 31 + (d == null ? 0 : d.hashCode());
    hash = hash * 31 + (e == null ? 0 : e.hashCode());
    hash = hash * 31 + (error == null ? 0 : error.hashCode());
    return ((hash * 31 + status) * 31 + port) * 0x9E3779B9 >>> 1;
  }

  /** Counts a call; {@code kept} where its span leaves the agent, so that it can be found. */
  void record(Span span, long duration, boolean kept) {
    int bucket = record(duration);
    LongAdder counter = messages;
    if (counter != null && span instanceof MessagingSpan && ((MessagingSpan) span).sends()) {
      counter.increment();
    }
    if (kept) {
      ExemplarSlot slot = exemplars.get(bucket);
      (slot != null ? slot : newSlot(bucket)).offer(span, duration, span.errorType() != null);
    }
  }

  /** Counts messages that came together. */
  void deliver(int count) {
    buckets.incrementAndGet(0);
    LongAdder counter = messages;
    if (counter != null) {
      counter.add(count);
    }
  }

  int record(long duration) {
    // First, so that a reader who looks at them last finds no fewer calls than in the buckets.
    if (exponential != null) {
      exponential.add(duration);
    }
    int bucket = bounds.bucket(duration);
    buckets.incrementAndGet(bucket);
    nanos.add(duration);
    max.offer(duration);
    return bucket;
  }

  private ExemplarSlot newSlot(int bucket) {
    ExemplarSlot slot = new ExemplarSlot();
    return exemplars.compareAndSet(bucket, null, slot)
        ? slot
        : Objects.requireNonNull(exemplars.get(bucket));
  }

  /** The calls that would be shown as exemplars now leave the agent, or are not shown. */
  void settle() {
    for (int i = 0; i < exemplars.length(); i++) {
      ExemplarSlot slot = exemplars.get(i);
      if (slot != null) {
        slot.settle();
      }
    }
  }

  /** How many messages its calls were for; 0 where it is not about messages. */
  long messages() {
    return messages == null ? 0 : messages.sum();
  }

  /** How many calls. */
  long count() {
    long count = 0;
    for (int i = 0; i < buckets.length(); i++) {
      count += buckets.get(i);
    }
    return count;
  }

  /** The calls so far, with the exemplars since the last look. */
  Histogram histogram() {
    long nowNanos = System.nanoTime();
    long nowMillis = System.currentTimeMillis();
    long[] counts = new long[buckets.length()];
    @Nullable Exemplar[] shown = new Exemplar[counts.length];
    for (int i = 0; i < counts.length; i++) {
      counts[i] = buckets.get(i);
      ExemplarSlot slot = exemplars.get(i);
      shown[i] = slot == null ? null : slot.read(nowNanos, nowMillis);
    }
    double longest = max.read(nowNanos) / 1e9;
    double sum = nanos.sum() / 1e9;
    Exponential fine = exponential == null ? null : exponential.read();
    return new Histogram(bounds.seconds, counts, sum, shown, longest, fine);
  }
}
