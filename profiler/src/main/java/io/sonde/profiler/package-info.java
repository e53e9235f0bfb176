/**
 * Profiles that know the span of each sample: the engine is chosen here, and samples are joined to
 * core's timeline.
 *
 * <p>Everything runs on threads of the agent; application threads write into rings of core's and do
 * nothing else.
 */
package io.sonde.profiler;
