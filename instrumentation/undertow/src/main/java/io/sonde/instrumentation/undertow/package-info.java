/**
 * Server spans for Undertow 1.4 to 2.3, from the root handler to the completion of the exchange.
 *
 * <p>The span is attached to the exchange, which is a new object for each request. Runs on
 * Undertow's I/O threads and workers.
 */
package io.sonde.instrumentation.undertow;
