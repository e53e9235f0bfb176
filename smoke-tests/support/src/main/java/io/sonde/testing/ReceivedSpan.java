package io.sonde.testing;

import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.Span;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A span as it arrived over OTLP, with the resource and scope it came under.
 *
 * <p>Ids are lower-case hex; the parent id of a root is empty. Attribute values are {@code String},
 * {@code Boolean}, {@code Long}, {@code Double}, {@code byte[]}, or a {@code List} of those.
 */
public record ReceivedSpan(
    Map<String, Object> resource,
    String scopeName,
    String scopeVersion,
    String traceId,
    String spanId,
    String parentSpanId,
    String traceState,
    int flags,
    String name,
    Kind kind,
    long startEpochNanos,
    long endEpochNanos,
    Map<String, Object> attributes,
    List<Event> events,
    List<Link> links,
    Status status,
    String statusMessage,
    int droppedAttributes) {

  /** The kinds of the OTLP specification. */
  public enum Kind {
    UNSPECIFIED,
    INTERNAL,
    SERVER,
    CLIENT,
    PRODUCER,
    CONSUMER
  }

  /** The status codes of the OTLP specification. */
  public enum Status {
    UNSET,
    OK,
    ERROR
  }

  /** A timed event of a span. */
  public record Event(String name, long epochNanos, Map<String, Object> attributes) {}

  /** A link of a span. */
  public record Link(String traceId, String spanId, Map<String, Object> attributes) {}

  /** The resource's {@code service.name}, or an empty string. */
  public String service() {
    return String.valueOf(resource.getOrDefault("service.name", ""));
  }

  public boolean isRoot() {
    return parentSpanId.isEmpty();
  }

  public long durationNanos() {
    return endEpochNanos - startEpochNanos;
  }

  /** The attribute's value, or null. */
  public @Nullable Object attribute(String key) {
    return attributes.get(key);
  }

  /** Whether the attribute is there with this value as text. */
  public boolean has(String key, Object value) {
    return String.valueOf(value).equals(String.valueOf(attributes.get(key)));
  }

  static ReceivedSpan of(
      Map<String, Object> resource, String scopeName, String scopeVersion, Span span) {
    return new ReceivedSpan(
        resource,
        scopeName,
        scopeVersion,
        hex(span.getTraceId().toByteArray()),
        hex(span.getSpanId().toByteArray()),
        hex(span.getParentSpanId().toByteArray()),
        span.getTraceState(),
        span.getFlags(),
        span.getName(),
        enumOf(Kind.values(), span.getKindValue()),
        span.getStartTimeUnixNano(),
        span.getEndTimeUnixNano(),
        map(span.getAttributesList()),
        span.getEventsList().stream()
            .map(e -> new Event(e.getName(), e.getTimeUnixNano(), map(e.getAttributesList())))
            .toList(),
        span.getLinksList().stream()
            .map(
                l ->
                    new Link(
                        hex(l.getTraceId().toByteArray()),
                        hex(l.getSpanId().toByteArray()),
                        map(l.getAttributesList())))
            .toList(),
        enumOf(Status.values(), span.getStatus().getCodeValue()),
        span.getStatus().getMessage(),
        span.getDroppedAttributesCount());
  }

  static Map<String, Object> map(List<KeyValue> pairs) {
    Map<String, Object> map = new TreeMap<>();
    for (KeyValue pair : pairs) {
      map.put(pair.getKey(), value(pair.getValue()));
    }
    return map;
  }

  private static Object value(AnyValue value) {
    return switch (value.getValueCase()) {
      case STRING_VALUE -> value.getStringValue();
      case BOOL_VALUE -> value.getBoolValue();
      case INT_VALUE -> value.getIntValue();
      case DOUBLE_VALUE -> value.getDoubleValue();
      case BYTES_VALUE -> value.getBytesValue().toByteArray();
      case ARRAY_VALUE ->
          value.getArrayValue().getValuesList().stream().map(ReceivedSpan::value).toList();
      case KVLIST_VALUE -> map(value.getKvlistValue().getValuesList());
      default -> "";
    };
  }

  private static <E extends Enum<E>> E enumOf(E[] values, int number) {
    return values[number >= 0 && number < values.length ? number : 0];
  }

  static String hex(byte[] bytes) {
    return java.util.HexFormat.of().formatHex(bytes);
  }
}
