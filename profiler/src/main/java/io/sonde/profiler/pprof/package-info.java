/**
 * Folds samples by stack and labels and writes them as pprof.
 *
 * <p>Called by the profiler's thread alone; nothing here is thread-safe. A profile holds one window
 * of one type, is bounded in frames, stacks and samples, and keeps the totals true when a bound is
 * reached: what does not fit loses its span, then its stack, never its value.
 */
package io.sonde.profiler.pprof;
