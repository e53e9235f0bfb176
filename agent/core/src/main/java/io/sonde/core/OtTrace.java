package io.sonde.core;

import org.jspecify.annotations.Nullable;

/** The headers of OpenTracing's basic tracers: {@code ot-tracer-*} and {@code ot-baggage-*}. */
final class OtTrace implements Propagation.Format {
  private static final String TRACE_ID = "ot-tracer-traceid";
  private static final String SPAN_ID = "ot-tracer-spanid";
  private static final String SAMPLED = "ot-tracer-sampled";
  private static final String BAGGAGE = "ot-baggage-";

  @Override
  public <C> void extract(C carrier, Headers<C> headers, Incoming into) {
    String trace = into.valid() ? null : headers.get(carrier, TRACE_ID);
    String span = trace == null ? null : headers.get(carrier, SPAN_ID);
    if (trace != null && span != null && isId(trace, 32) && isId(span, 16)) {
      int length = trace.length();
      boolean found =
          into.parent(
              length > 16 ? Hex.parse(trace, 0, length - 16) : 0,
              Hex.parse(trace, Math.max(0, length - 16), length),
              Hex.parse(span, 0, span.length()),
              sampled(headers.get(carrier, SAMPLED)));
      if (!found) {
        return;
      }
    }
    if (into.valid()) {
      Baggage.extractPrefixed(carrier, headers, BAGGAGE, into);
    }
  }

  private static boolean isId(String text, int longest) {
    return text.length() <= longest && Hex.valid(text, 0, text.length(), true);
  }

  private static int sampled(@Nullable String text) {
    if (text == null) {
      return Incoming.DEFERRED;
    }
    return text.equalsIgnoreCase("true") || text.equals("1") ? Incoming.SAMPLED : 0;
  }

  /** Readers of this format know ids of 64 bits: the lower half goes out. */
  @Override
  public <C> void inject(Span span, C carrier, HeaderSink<C> sink) {
    sink.set(carrier, TRACE_ID, Hex.of(span.traceLo()));
    sink.set(carrier, SPAN_ID, Hex.of(span.id()));
    sink.set(carrier, SAMPLED, span.sampled() ? "true" : "false");
    Baggage.injectPrefixed(span, carrier, sink, BAGGAGE);
  }
}
