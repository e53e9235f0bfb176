/**
 * The engine on async-profiler: a native library that comes in the agent's jar, and a reader of the
 * recordings that it writes.
 *
 * <p>Loaded on JVMs from 8 on; runs on the profiler's own thread.
 */
package io.sonde.profiler.async;
