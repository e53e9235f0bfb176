package io.sonde.core;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The requests of one exporter and what was in them.
 *
 * <p>Written by the exporter's thread, read by anyone at any time.
 */
public final class Traffic {
  /** The exporter of spans by OTLP. */
  public static final Traffic SPANS = new Traffic("otlp_spans");

  /** The exporter of metrics by OTLP. */
  public static final Traffic METRICS = new Traffic("otlp_metrics");

  /** Remote write. */
  public static final Traffic SAMPLES = new Traffic("remote_write");

  /** The exporter of profiles by OTLP. */
  public static final Traffic OTLP_PROFILES = new Traffic("otlp_profiles");

  /** The exporter of profiles to Pyroscope. */
  public static final Traffic PROFILES = new Traffic("pyroscope");

  private static final Traffic[] ALL = {SPANS, METRICS, OTLP_PROFILES, SAMPLES, PROFILES};

  /** The exporter as metrics name it. */
  public final String exporter;

  private final AtomicLong bytes = new AtomicLong();
  private final AtomicLong answered = new AtomicLong();
  private final AtomicLong failed = new AtomicLong();

  private Traffic(String exporter) {
    this.exporter = exporter;
  }

  /** Those of all exporters. */
  public static Traffic[] all() {
    return ALL.clone();
  }

  /** A request is sent with so many bytes. */
  public void sent(long body) {
    bytes.addAndGet(body);
  }

  /** That request is over; {@code well} where the receiver took it. */
  public void over(boolean well) {
    (well ? answered : failed).incrementAndGet();
  }

  /** How many bytes were sent. */
  public long bytes() {
    return bytes.get();
  }

  /** How many requests the receiver took. */
  public long answered() {
    return answered.get();
  }

  /** How many it did not take, or that did not reach it. */
  public long failed() {
    return failed.get();
  }
}
