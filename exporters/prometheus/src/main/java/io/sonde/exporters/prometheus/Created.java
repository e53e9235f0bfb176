package io.sonde.exporters.prometheus;

import io.sonde.core.metrics.Instrument;

/**
 * Since when counters and histograms count: protobuf says so for each series, OpenMetrics in lines
 * of its own, where they are wanted.
 */
public final class Created {
  private final long started;
  final boolean asLines;

  /** Since now, in no lines. */
  public Created() {
    this(System.currentTimeMillis(), false);
  }

  /**
   * Of an agent that counts since then.
   *
   * @param started in milliseconds since 1970
   * @param asLines whether OpenMetrics has {@code _created}
   */
  public Created(long started, boolean asLines) {
    this.started = started;
    this.asLines = asLines;
  }

  /** Since when it counts, in milliseconds since 1970; 0 for what does not only go up. */
  long of(Instrument instrument) {
    boolean counts =
        instrument.kind == Instrument.Kind.COUNTER || instrument.kind == Instrument.Kind.HISTOGRAM;
    return !counts ? 0 : instrument.since > 0 ? instrument.since : started;
  }
}
