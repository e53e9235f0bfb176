package io.sonde.exporters.otlp;

import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.TraceStateBuilder;
import org.jspecify.annotations.Nullable;

/**
 * Reads a tracestate header into OpenTelemetry's form; entries that it does not accept are left
 * out.
 */
final class TraceStates {
  private TraceStates() {}

  static TraceState parsed(@Nullable String header) {
    if (header == null || header.isEmpty()) {
      return TraceState.getDefault();
    }
    TraceStateBuilder builder = TraceState.builder();
    String[] entries = header.split(",");
    // What is put first comes out last.
    for (int i = entries.length - 1; i >= 0; i--) {
      String entry = entries[i].trim();
      int equals = entry.indexOf('=');
      if (equals > 0) {
        builder.put(entry.substring(0, equals), entry.substring(equals + 1));
      }
    }
    return builder.build();
  }
}
