/**
 * Metrics as Prometheus reads them: its text format and OpenMetrics, with names as OpenTelemetry's
 * compatibility specification has them.
 *
 * <p>Runs on a thread of the endpoint, for each scrape anew.
 */
package io.sonde.exporters.prometheus;
