/**
 * {@code /debug/pprof/} as Go programs have it, on the agent's endpoint.
 *
 * <p>Called on the endpoint's threads; what is answered comes from the continuous profile, which
 * the first request starts where nothing else has.
 */
package io.sonde.agent.pprof;
