/**
 * Sends spans by OTLP, over HTTP/protobuf or gRPC.
 *
 * <p>The agent's start reads the {@link io.sonde.exporters.otlp.Target}; everything else runs on
 * the one thread that runs {@link io.sonde.exporters.otlp.SpanExporter}, never on a thread of the
 * application. Spans are encoded into one buffer that is used again, so that an export allocates
 * next to nothing; no JDK logging, no service loading, no Unsafe.
 */
package io.sonde.exporters.otlp;
