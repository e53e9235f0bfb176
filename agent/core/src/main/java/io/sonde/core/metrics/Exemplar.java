package io.sonde.core.metrics;

/** One of the values that a histogram counted, with the span that it came from. */
public final class Exemplar {
  public final long traceHi;
  public final long traceLo;
  public final long spanId;
  public final double value;

  /** When, in milliseconds since 1970. */
  public final long epochMillis;

  /** Holds these values. */
  public Exemplar(long traceHi, long traceLo, long spanId, double value, long epochMillis) {
    this.traceHi = traceHi;
    this.traceLo = traceLo;
    this.spanId = spanId;
    this.value = value;
    this.epochMillis = epochMillis;
  }
}
