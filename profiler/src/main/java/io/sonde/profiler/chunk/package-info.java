/**
 * Reads finished recordings of Flight Recorder's format, as the JVM and async-profiler write them:
 * only what profiles are made of, and with as few objects as that takes.
 *
 * <p>Used by the profiler's thread alone.
 */
package io.sonde.profiler.chunk;
