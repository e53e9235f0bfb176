/**
 * Profiles to Pyroscope.
 *
 * <p>Runs on threads of the agent.
 */
package io.sonde.exporters.pyroscope;
