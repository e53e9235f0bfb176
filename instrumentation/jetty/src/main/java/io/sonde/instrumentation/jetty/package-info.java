/**
 * Server spans for Jetty 9.4 to 11, from the first handler to the completion of the response.
 *
 * <p>The span is attached to the channel, which Jetty uses again for later requests: it is taken
 * off when the channel completes a request. Runs on Jetty's threads.
 */
package io.sonde.instrumentation.jetty;
