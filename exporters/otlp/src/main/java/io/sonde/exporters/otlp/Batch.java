package io.sonde.exporters.otlp;

import io.sonde.core.Span;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;
import java.util.zip.GZIPOutputStream;

/**
 * Spans in their encoded form, and the request that carries them; used again for each export.
 *
 * <p>Spans come first, one by one; the messages around them, whose lengths are only known then, are
 * written by {@link #seal} into a buffer of their own that goes before them.
 */
final class Batch {
  /** Receivers of gRPC often take no more than 4 MiB. */
  private static final int ENOUGH = 3 << 20;

  private static final int KEPT = 1 << 20;
  private static final int SPANS = 2;

  private final Proto spans = new Proto(64 * 1024);
  private final Proto head = new Proto(2048);
  private final Proto resource = new Proto(1024);
  private final Proto scope = new Proto(64);
  private final SpanWriter writer;
  private final boolean gzip;
  private final Packed packed = new Packed();
  private int count;

  Batch(EpochClock clock, Map<String, Object> resource, String version, boolean gzip) {
    writer = new SpanWriter(spans, clock);
    this.gzip = gzip;
    int message = this.resource.open(1);
    Attributes attributes = new Attributes(this.resource).in(1);
    for (Map.Entry<String, Object> attribute : resource.entrySet()) {
      attributes.attribute(attribute.getKey(), attribute.getValue());
    }
    this.resource.close(message);
    message = scope.open(1);
    scope.text(1, "io.sonde");
    scope.text(2, version);
    scope.close(message);
  }

  void clear() {
    count = 0;
    spans.clear(KEPT);
    packed.clear(KEPT);
  }

  /** Takes the span, or returns false where it cannot be encoded. */
  boolean add(Span span) {
    int before = spans.size();
    try {
      writer.write(SPANS, span);
      count++;
      return true;
    } catch (RuntimeException | StackOverflowError e) {
      spans.truncate(before);
      return false;
    }
  }

  int count() {
    return count;
  }

  /** Whether more would make the request too large for some receivers. */
  boolean large() {
    return spans.size() >= ENOUGH;
  }

  /** Completes the request: what {@link #write} writes from now on. */
  void seal() {
    int inScope = scope.size() + spans.size();
    head.truncate(0);
    head.header(2, inScope);
    int scopeHeader = head.size();
    head.truncate(0);
    head.header(1, resource.size() + scopeHeader + inScope);
    head.raw(resource.bytes(), resource.size());
    head.header(2, inScope);
    head.raw(scope.bytes(), scope.size());
    if (gzip) {
      pack();
    }
  }

  private void pack() {
    packed.reset();
    try (OutputStream stream = new GZIPOutputStream(packed, 8192)) {
      writePlain(stream);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Bytes of the sealed request. */
  int length() {
    return gzip ? packed.size() : head.size() + spans.size();
  }

  /** Writes the sealed request. */
  void write(OutputStream to) throws IOException {
    if (gzip) {
      packed.writeTo(to);
    } else {
      writePlain(to);
    }
  }

  private void writePlain(OutputStream to) throws IOException {
    to.write(head.bytes(), 0, head.size());
    to.write(spans.bytes(), 0, spans.size());
  }

  /** A growing buffer that can be given back where it became too large. */
  private static final class Packed extends ByteArrayOutputStream {
    void clear(int keep) {
      reset();
      if (buf.length > keep) {
        buf = new byte[32];
      }
    }
  }
}
