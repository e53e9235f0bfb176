/**
 * Server spans for Tomcat, embedded or as a distribution, at its connector: before the first valve
 * and after the last.
 *
 * <p>The span is attached to the connector's request object, which Tomcat uses again for later
 * requests: it is taken off when the request ends, at the latest when the object is recycled. Runs
 * on Tomcat's threads.
 */
package io.sonde.instrumentation.tomcat;
