package io.sonde.agent.metrics;

import io.sonde.core.metrics.MetricReader;
import java.util.List;

/** A set of names and labels that recorded calls are shown under. */
interface Naming {
  /** Hands {@code calls} to {@code reader} under its names. */
  void show(List<Calls> calls, MetricReader reader);
}
