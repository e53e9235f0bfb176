/**
 * Server spans for Jetty 12, whose core has no servlets any more: from the server's handler to the
 * completion of the stream, and above it the channels of each servlet environment.
 *
 * <p>Runs on Jetty's threads.
 */
package io.sonde.instrumentation.jetty12;
