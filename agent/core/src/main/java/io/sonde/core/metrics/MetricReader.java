package io.sonde.core.metrics;

/** Takes metrics: an instrument, then its series one by one, then the next instrument. */
public interface MetricReader {
  /** The series that follow are of this one. */
  void instrument(Instrument instrument);

  /** A series whose value is a whole number. */
  void number(Labels labels, long value);

  /** A series with any other value. */
  void number(Labels labels, double value);

  /** A series of a histogram. */
  void histogram(Labels labels, Histogram histogram);
}
