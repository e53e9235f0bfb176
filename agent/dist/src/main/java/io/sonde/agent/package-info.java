/**
 * Starts the agent in an application's JVM: settings, weaving, tracing, and the exporters on a
 * thread of their own.
 *
 * <p>Everything that runs before {@code main} is here or is called from here; it touches no
 * logging, no JMX, no NIO file system and no lambda, since those would change the application's own
 * start.
 */
package io.sonde.agent;
