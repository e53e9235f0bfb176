/**
 * Exemplars on the application's own counters and histograms: Prometheus's Java client, old and
 * new, and Micrometer's registries over both.
 *
 * <p>Each library asks somebody for the current span; where the application named nobody, it is
 * asked here. Runs on the application's threads, when the library wants an exemplar, which it
 * limits by time.
 */
package io.sonde.instrumentation.prometheusclient;
