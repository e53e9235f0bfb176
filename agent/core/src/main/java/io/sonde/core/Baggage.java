package io.sonde.core;

import org.jspecify.annotations.Nullable;

/** W3C baggage, carried on as it came; a header over the specification's 8,192 bytes is not. */
final class Baggage implements Propagation.Format {
  private static final int MAX = 8192;

  @Override
  public <C> @Nullable Remote extract(C carrier, Headers<C> headers, @Nullable Remote found) {
    String baggage = headers.get(carrier, "baggage");
    if (baggage == null || baggage.isEmpty() || baggage.length() > MAX) {
      return found;
    }
    return found == null
        ? new Remote(0, 0, 0, 0, null, baggage)
        : new Remote(
            found.traceHi, found.traceLo, found.spanId, found.flags, found.traceState, baggage);
  }

  @Override
  public <C> void inject(Span span, C carrier, HeaderSink<C> sink) {
    String baggage = span.baggage();
    if (baggage != null) {
      sink.set(carrier, "baggage", baggage);
    }
  }
}
