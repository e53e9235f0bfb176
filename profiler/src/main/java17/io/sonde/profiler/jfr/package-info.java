/**
 * The engine on Java Flight Recorder: a recording that goes on, read window by window.
 *
 * <p>Loaded by name, on JVMs from 17 on that have the module {@code jdk.jfr}; runs on the
 * profiler's own thread.
 */
package io.sonde.profiler.jfr;
