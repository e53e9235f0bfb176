package io.sonde.core;

import org.jspecify.annotations.Nullable;

/**
 * The switches of tracing: on or off, sampler, propagation and the queue to the exporter; set once
 * at start.
 */
public final class Tracing {
  /**
   * How long after its end a span still is the parent of what a thread or task started below it
   * does: long enough for work that a request leaves behind, and an end for loops that happen to be
   * started by one.
   */
  static final long EXPIRY_NANOS = 60_000_000_000L;

  /** When a message that a loop took is taken to be done, though nothing ended its turn. */
  static final long LONGEST_TURN_NANOS = 600_000_000_000L;

  private static volatile boolean on;
  private static volatile Sampler sampler = Sampler.on(true);
  private static volatile Propagation propagation = Propagation.of("tracecontext", "baggage");
  private static volatile @Nullable SpanQueue queue;
  private static volatile boolean serverTiming;
  private static volatile boolean receiveSpans;

  private Tracing() {}

  /** Starts tracing; without a queue spans have ids and RED records but go nowhere. */
  public static void start(Sampler sampler, Propagation propagation, @Nullable SpanQueue queue) {
    Tracing.sampler = sampler;
    Tracing.propagation = propagation;
    Tracing.queue = queue;
    on = true;
  }

  /** New traces are decided on by this sampler from now on. */
  public static void sampler(Sampler next) {
    sampler = next;
  }

  /** Stops tracing: spans that run end as they would, no new ones start. */
  public static void stop() {
    on = false;
  }

  /** Whether new spans are made. */
  public static boolean on() {
    return on;
  }

  /** Whether responses carry {@code Server-Timing: traceparent}. */
  public static boolean serverTiming() {
    return serverTiming;
  }

  /** Sets {@link #serverTiming()}. */
  public static void serverTiming(boolean wanted) {
    serverTiming = wanted;
  }

  /** Whether fetching messages in a loop outside of any span is recorded. */
  public static boolean receiveSpans() {
    return receiveSpans;
  }

  /** Sets {@link #receiveSpans()}. */
  public static void receiveSpans(boolean wanted) {
    receiveSpans = wanted;
  }

  static Sampler sampler() {
    return sampler;
  }

  static Propagation propagation() {
    return propagation;
  }

  static boolean exporting() {
    return queue != null;
  }

  /** How many spans the exporter's queue can hold; 0 where there is none. */
  static int capacity() {
    SpanQueue to = queue;
    return to == null ? 0 : to.capacity();
  }

  /** Hands a span to the exporter; false where it is lost. */
  static boolean offer(Span span) {
    SpanQueue to = queue;
    return to != null && to.offer(span);
  }

  /** Hands the first {@code count} of these to the exporter, or none; false where it is none. */
  static boolean offer(Span[] spans, int count) {
    SpanQueue to = queue;
    return to != null && to.offer(spans, count);
  }
}
