/**
 * The engine on Java Flight Recorder: recordings in rotation, read once they are finished.
 *
 * <p>Loaded by name, on JVMs from 17 on that have the module {@code jdk.jfr}; runs on the
 * profiler's own thread.
 */
package io.sonde.profiler.jfr;
