/**
 * Sends spans and metrics by OTLP, over HTTP/protobuf or gRPC.
 *
 * <p>The agent's start reads the {@link io.sonde.exporters.otlp.Target}; everything else runs on
 * the threads that run {@link io.sonde.exporters.otlp.SpanExporter} and {@link
 * io.sonde.exporters.otlp.MetricExporter}, never on a thread of the application. Spans are encoded
 * into one buffer that is used again, so that an export allocates next to nothing; no JDK logging,
 * no service loading, no Unsafe.
 */
package io.sonde.exporters.otlp;
