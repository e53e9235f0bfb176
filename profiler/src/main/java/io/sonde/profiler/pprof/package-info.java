/**
 * Samples folded by stack and labels, and written as pprof.
 *
 * <p>Called by an engine on the profiler's own thread.
 */
package io.sonde.profiler.pprof;
