package io.sonde.exporters.otlp;

import io.sonde.core.Protobuf;
import io.sonde.core.Span;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;

/**
 * The spans of one request, written as they are added: OTLP's {@code ExportTraceServiceRequest}
 * with one resource and one scope. The array is used again for each batch.
 */
final class Batch implements Delivering.Body {
  /**
   * Receivers of gRPC often take no more than 4 MiB, and a slow line should not need a whole
   * timeout for one.
   */
  private static final int ENOUGH = 1 << 20;

  private static final int RESOURCE_SPANS = 1;
  private static final int RESOURCE = 1;
  private static final int SCOPE_SPANS = 2;
  private static final int SCOPE = 1;
  private static final int SPANS = 2;

  private final Protobuf out = new Protobuf(2 * ENOUGH);
  private final SpanWriter spans;
  private final Map<String, Object> resource;
  private final String version;
  private int resourceSpans;
  private int scopeSpans;
  private int count;
  private boolean ended;

  Batch(EpochClock clock, Map<String, Object> resource, String version) {
    spans = new SpanWriter(out, clock);
    this.resource = resource;
    this.version = version;
    clear();
  }

  void clear() {
    out.clear();
    count = 0;
    ended = false;
    resourceSpans = out.begin(RESOURCE_SPANS);
    int described = out.begin(RESOURCE);
    AttributeWriter attributes = new AttributeWriter(out, 1);
    for (Map.Entry<String, Object> attribute : resource.entrySet()) {
      attributes.attribute(attribute.getKey(), attribute.getValue());
    }
    out.end(described);
    scopeSpans = out.begin(SCOPE_SPANS);
    int scope = out.begin(SCOPE);
    out.text(1, "io.sonde");
    out.text(2, version);
    out.end(scope);
  }

  /** Takes the span, or returns false where it cannot be read. */
  boolean add(Span span) {
    int before = out.size();
    try {
      spans.write(SPANS, span);
    } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
      out.truncate(before);
      return false;
    }
    count++;
    return true;
  }

  @Override
  public int count() {
    return count;
  }

  /** Whether more would make the request too large for some receivers. */
  boolean large() {
    return out.size() >= ENOUGH;
  }

  /** No more spans until it is cleared; it can be sent now, several times. */
  @Override
  public void end() {
    if (!ended) {
      ended = true;
      out.end(scopeSpans);
      out.end(resourceSpans);
    }
  }

  @Override
  public void writeMessage(OutputStream to) throws IOException {
    out.writeTo(to);
  }

  @Override
  public int getContentLength() {
    return out.size();
  }
}
