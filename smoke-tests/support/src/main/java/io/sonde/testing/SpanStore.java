package io.sonde.testing;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What has arrived at a sink, and the waiting for more. */
final class SpanStore {
  private static final int RESOURCE_SPANS = 1;
  private static final int SCOPE_SPANS = 2;
  private static final int SPANS = 2;

  private final boolean keep;
  private final LongAdder spanCount = new LongAdder();
  private final LongAdder byteCount = new LongAdder();
  private final LongAdder requestCount = new LongAdder();
  private final List<ReceivedSpan> spans = new ArrayList<>();
  private final List<ReceivedProfile> profiles = new ArrayList<>();
  private final List<OtlpSink.Request> requests = new ArrayList<>();
  private long lastArrival = System.nanoTime();

  /** Without {@code keep} spans are only counted, at the price of a walk over the bytes. */
  SpanStore(boolean keep) {
    this.keep = keep;
  }

  /** Takes a request's decompressed body; throws if it is not what its path says. */
  void accept(String path, Map<String, String> headers, byte[] body) throws IOException {
    boolean traces = path.endsWith("/v1/traces");
    requestCount.increment();
    byteCount.add(body.length);
    if (!keep) {
      if (traces) {
        spanCount.add(countSpans(CodedInputStream.newInstance(body)));
      }
      return;
    }
    List<ReceivedSpan> decoded =
        traces ? decode(ExportTraceServiceRequest.parseFrom(body)) : List.of();
    List<ReceivedProfile> read =
        path.endsWith("/v1development/profiles") ? OtlpProfilesReader.read(body) : List.of();
    spanCount.add(decoded.size());
    synchronized (this) {
      requests.add(new OtlpSink.Request(path, headers, body.length));
      spans.addAll(decoded);
      profiles.addAll(read);
      if (!decoded.isEmpty()) {
        lastArrival = System.nanoTime();
      }
      notifyAll();
    }
  }

  OtlpSink.Counts counts() {
    return new OtlpSink.Counts(spanCount.sum(), byteCount.sum(), requestCount.sum());
  }

  synchronized List<ReceivedSpan> spans() {
    return List.copyOf(spans);
  }

  synchronized List<ReceivedProfile> profiles() {
    return List.copyOf(profiles);
  }

  synchronized List<OtlpSink.Request> requests() {
    return List.copyOf(requests);
  }

  List<Trace> traces() {
    return group(spans());
  }

  synchronized void clear() {
    spans.clear();
    profiles.clear();
    requests.clear();
  }

  /** Hands over the spans and forgets them. */
  synchronized List<ReceivedSpan> drain() {
    List<ReceivedSpan> drained = List.copyOf(spans);
    clear();
    return drained;
  }

  static List<Trace> group(List<ReceivedSpan> spans) {
    Map<String, List<ReceivedSpan>> byId = new LinkedHashMap<>();
    for (ReceivedSpan span : spans) {
      byId.computeIfAbsent(span.traceId(), id -> new ArrayList<>()).add(span);
    }
    return byId.entrySet().stream().map(e -> new Trace(e.getKey(), e.getValue())).toList();
  }

  /** Tries again with every arrival; at the deadline fails with what did arrive. */
  <T> T await(Duration timeout, Supplier<@Nullable T> attempt, Supplier<String> complaint) {
    long deadline = System.nanoTime() + timeout.toNanos();
    synchronized (this) {
      while (true) {
        T result = attempt.get();
        if (result != null) {
          return result;
        }
        if (!waitUntil(deadline)) {
          throw new AssertionError(
              complaint.get() + " within " + timeout.toMillis() + " ms; arrived:\n" + arrived());
        }
      }
    }
  }

  synchronized void awaitQuiet(Duration quiet, Duration timeout) {
    long deadline = System.nanoTime() + timeout.toNanos();
    long begin = System.nanoTime();
    while (true) {
      long calm = Math.max(begin, lastArrival) + quiet.toNanos();
      if (System.nanoTime() - calm >= 0) {
        return;
      }
      if (System.nanoTime() - deadline >= 0) {
        throw new AssertionError(
            "spans still arrive after " + timeout.toMillis() + " ms; arrived:\n" + arrived());
      }
      waitUntil(Math.min(calm, deadline));
    }
  }

  /** Waits for an arrival; false if the deadline has passed already. */
  @SuppressWarnings("WaitNotInLoop") // each caller is the loop
  private boolean waitUntil(long deadline) {
    long left = deadline - System.nanoTime();
    if (left <= 0) {
      return false;
    }
    try {
      Duration rest = Duration.ofNanos(left).plusMillis(1);
      wait(rest.toMillis());
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted while waiting; arrived:\n" + arrived());
    }
  }

  private String arrived() {
    List<Trace> traces = traces();
    int shown = Math.min(20, traces.size());
    String picture = Waterfall.plain().render(traces.subList(0, shown));
    return picture + (shown < traces.size() ? "… " + (traces.size() - shown) + " more\n" : "");
  }

  private static List<ReceivedSpan> decode(ExportTraceServiceRequest request) {
    List<ReceivedSpan> decoded = new ArrayList<>();
    for (ResourceSpans resourceSpans : request.getResourceSpansList()) {
      Map<String, Object> resource =
          ReceivedSpan.map(resourceSpans.getResource().getAttributesList());
      for (ScopeSpans scopeSpans : resourceSpans.getScopeSpansList()) {
        for (Span span : scopeSpans.getSpansList()) {
          decoded.add(
              ReceivedSpan.of(
                  resource,
                  scopeSpans.getScope().getName(),
                  scopeSpans.getScope().getVersion(),
                  span));
        }
      }
    }
    return decoded;
  }

  /** Counts the spans of an export request by their tags alone. */
  static int countSpans(CodedInputStream in) throws IOException {
    return countFields(in, RESOURCE_SPANS, SCOPE_SPANS, SPANS);
  }

  private static int countFields(CodedInputStream in, int... path) throws IOException {
    int count = 0;
    int[] rest = java.util.Arrays.copyOfRange(path, 1, path.length);
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (WireFormat.getTagFieldNumber(tag) != path[0]
          || WireFormat.getTagWireType(tag) != WireFormat.WIRETYPE_LENGTH_DELIMITED) {
        in.skipField(tag);
      } else if (rest.length == 0) {
        in.skipField(tag);
        count++;
      } else {
        int outer = in.pushLimit(in.readRawVarint32());
        count += countFields(in, rest);
        in.popLimit(outer);
      }
    }
    return count;
  }
}
