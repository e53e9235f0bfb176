/**
 * Profiles to Pyroscope, over push.v1 or /ingest.
 *
 * <p>A finished window is encoded on the profiler's thread and put into a bounded backlog; one
 * thread of the exporter's own sends it. Nothing waits for a server.
 */
package io.sonde.exporters.pyroscope;
