package io.sonde.core.metrics;

/** Has metrics to be read. */
public interface MetricSource {
  /** Hands all of them to {@code reader}; never on a thread of the application. */
  void read(MetricReader reader);
}
