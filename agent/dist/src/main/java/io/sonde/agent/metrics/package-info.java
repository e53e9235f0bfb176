/**
 * The agent's metrics: what it has to tell of calls, of the JVM and of itself, and who reads it.
 *
 * <p>Set up by the agent's start; everything is read on threads of the agent, and what needs the
 * java.management module is not touched before the first reading.
 */
package io.sonde.agent.metrics;
