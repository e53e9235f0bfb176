package io.sonde.core;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Headers as they come in and go out: what a service with the given formats and sampler makes of a
 * request.
 */
final class Wire {
  private static final Headers<Wire> READ =
      new Headers<Wire>() {
        @Override
        public String get(Wire wire, String name) {
          List<String> values = wire.headers.get(name);
          return values == null ? null : values.get(0);
        }

        @Override
        public String all(Wire wire, String name) {
          List<String> values = wire.headers.get(name);
          return values == null ? null : String.join(",", values);
        }

        @Override
        public Iterable<String> names(Wire wire) {
          return wire.headers.keySet();
        }
      };

  private final Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
  private final List<String> written = new ArrayList<>();
  private final Propagation propagation;
  private Sampler sampler = Sampler.on(true);
  private ServerSpan span;

  private Wire(Propagation propagation) {
    this.propagation = propagation;
  }

  static Wire of(String... formats) {
    return new Wire(Propagation.of(formats));
  }

  Wire sampler(Sampler sampler) {
    this.sampler = sampler;
    return this;
  }

  Wire header(String name, String value) {
    headers.computeIfAbsent(name, n -> new ArrayList<>()).add(value);
    return this;
  }

  /** The headers of a call that the service makes while it serves the request. */
  Map<String, String> out() {
    Tracing.start(sampler, propagation, null);
    try {
      span = ServerSpan.start(this, READ, "GET");
      Map<String, String> out = new TreeMap<>();
      ClientSpan call = ClientSpan.start("GET");
      call.inject(
          out,
          (map, name, value) -> {
            written.add(name);
            map.put(name, value);
          });
      call.end();
      span.exit();
      span.end();
      return out;
    } finally {
      Tracing.stop();
    }
  }

  /** The names of headers as they were written by {@link #out}, each time. */
  List<String> written() {
    return written;
  }

  /** The request's own span, after {@link #out}. */
  ServerSpan span() {
    return span;
  }

  /** Trace id and parent as text, or null where the request began a trace. */
  String parent() {
    out();
    return span.hasRemoteParent()
        ? Hex.of(span.traceHi(), span.traceLo()) + '-' + Hex.of(span.parentId())
        : null;
  }
}
