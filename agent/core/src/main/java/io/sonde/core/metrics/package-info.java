/**
 * Metrics as they are read: instruments, series with their labels, histograms with their exemplars.
 *
 * <p>Whoever has metrics is a {@link io.sonde.core.metrics.MetricSource}; whoever sends them reads
 * the sources, on a thread of the agent. Reading allocates, recording does not happen here.
 */
package io.sonde.core.metrics;
