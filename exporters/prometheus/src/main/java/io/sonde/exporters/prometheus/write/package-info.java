/**
 * Metrics sent to a server by Prometheus's remote write, 1.0 and 2.0.
 *
 * <p>All of it runs on one thread of the agent's own, which is there only where a URL is set.
 */
package io.sonde.exporters.prometheus.write;
