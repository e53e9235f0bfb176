package io.sonde.core;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Tracing that is on, with a queue in the exporter's place; what leaves it are the queue's spans.
 */
final class Recording implements AutoCloseable {
  static final Headers<Object> NO_HEADERS = (carrier, name) -> null;

  final SpanQueue queue = new SpanQueue(1024, 512);

  Recording(Sampler sampler) {
    Red.start(1000);
    Tracing.start(sampler, Propagation.of("tracecontext", "baggage"), queue);
  }

  static Recording all() {
    return new Recording(Sampler.on(true));
  }

  List<Span> left() {
    List<Span> spans = new ArrayList<>();
    for (Span span = queue.poll(); span != null; span = queue.poll()) {
      spans.add(span);
    }
    return spans;
  }

  static ServerSpan server() {
    return ServerSpan.start("", NO_HEADERS, "GET");
  }

  static Map<String, Object> attributes(Span span) {
    Map<String, Object> attributes = new TreeMap<>();
    span.attributes(
        new Span.Out() {
          @Override
          public void attribute(String key, Object value) {
            attributes.put(key, value);
          }

          @Override
          public void attribute(String key, long value) {
            attributes.put(key, value);
          }
        });
    return attributes;
  }

  @Override
  public void close() {
    Tracing.stop();
    Red.stop();
  }
}
