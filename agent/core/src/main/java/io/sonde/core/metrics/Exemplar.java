package io.sonde.core.metrics;

/** One of the values that a histogram counted, with the span that it came from. */
public final class Exemplar {
  public final long traceHi;
  public final long traceLo;
  public final long spanId;
  public final double value;

  /** When, in milliseconds since 1970. */
  public final long epochMillis;

  /** Whether the call failed, which goes before all others. */
  public final boolean failed;

  /** Holds these values, of a call that did not fail. */
  public Exemplar(long traceHi, long traceLo, long spanId, double value, long epochMillis) {
    this(traceHi, traceLo, spanId, value, epochMillis, false);
  }

  /** Holds these values. */
  public Exemplar(
      long traceHi, long traceLo, long spanId, double value, long epochMillis, boolean failed) {
    this.traceHi = traceHi;
    this.traceLo = traceLo;
    this.spanId = spanId;
    this.value = value;
    this.epochMillis = epochMillis;
    this.failed = failed;
  }
}
