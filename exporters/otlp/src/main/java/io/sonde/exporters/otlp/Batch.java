package io.sonde.exporters.otlp;

import io.opentelemetry.sdk.common.InstrumentationScopeInfo;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.resources.ResourceBuilder;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.sonde.core.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The spans of one request, shown by views that are used again for each batch. */
final class Batch {
  /**
   * Receivers of gRPC often take no more than 4 MiB, and a slow line should not need a whole
   * timeout for one.
   */
  private static final int ENOUGH = 1 << 20;

  private final SpanView.Source source;
  private final List<SpanView> views = new ArrayList<>();
  private int count;
  private int bytes;

  Batch(EpochClock clock, Map<String, Object> resource, String version) {
    ResourceBuilder builder = Resource.builder();
    AttributeSnapshot attributes = new AttributeSnapshot(new AttributeKeys());
    resource.forEach(attributes::attribute);
    builder.putAll(attributes);
    source =
        new SpanView.Source(
            builder.build(),
            InstrumentationScopeInfo.builder("io.sonde").setVersion(version).build(),
            clock);
  }

  void clear() {
    for (int i = 0; i < count; i++) {
      views.get(i).clear();
    }
    count = 0;
    bytes = 0;
  }

  /** Takes the span, or returns false where it cannot be read. */
  boolean add(Span span) {
    if (count == views.size()) {
      views.add(new SpanView(source));
    }
    SpanView view = views.get(count);
    try {
      view.show(span, count == 0 ? null : views.get(count - 1));
    } catch (RuntimeException | StackOverflowError e) {
      view.clear();
      return false;
    }
    bytes += view.bytes();
    count++;
    return true;
  }

  int count() {
    return count;
  }

  /** Whether more would make the request too large for some receivers. */
  boolean large() {
    return bytes >= ENOUGH;
  }

  /** What the exporter takes; good until the batch is cleared. */
  List<SpanData> spans() {
    return new ArrayList<>(views.subList(0, count));
  }
}
