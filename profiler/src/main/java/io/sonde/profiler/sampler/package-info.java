/**
 * The engine that needs nothing but the JVM's management interface: stacks of threads that use the
 * CPU, taken a few times a second.
 *
 * <p>Runs on the profiler's own thread. Taking stacks stops the application for a moment, so that
 * it is done for few threads, for none while nothing computes, and less often where it takes long.
 */
package io.sonde.profiler.sampler;
