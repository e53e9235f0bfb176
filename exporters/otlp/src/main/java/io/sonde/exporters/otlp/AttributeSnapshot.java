package io.sonde.exporters.otlp;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.sonde.core.Span;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The attributes of one span as OpenTelemetry reads them: two arrays that are filled again for each
 * span.
 *
 * <p>The marshaler reads twice, for sizes and for bytes, and must find the same both times; hence a
 * snapshot and no view.
 */
final class AttributeSnapshot implements Attributes, Span.Out {
  private final AttributeKeys known;
  private AttributeKey<?>[] keys = new AttributeKey<?>[16];
  private Object[] values = new Object[16];
  private int count;
  private int bytes;

  AttributeSnapshot(AttributeKeys known) {
    this.known = known;
  }

  void clear() {
    Arrays.fill(values, 0, count, "");
    count = 0;
    bytes = 0;
  }

  /** About how many bytes these become. */
  int bytes() {
    return bytes;
  }

  @Override
  public void attribute(String key, Object value) {
    if (value instanceof String) {
      add(known.text(key), value, utf8((String) value));
    } else if (value instanceof Long || value instanceof Integer || value instanceof Short) {
      attribute(key, ((Number) value).longValue());
    } else if (value instanceof Boolean) {
      add(AttributeKey.booleanKey(key), value, 2);
    } else if (value instanceof Double || value instanceof Float) {
      add(AttributeKey.doubleKey(key), ((Number) value).doubleValue(), 9);
    } else if (value instanceof String[]) {
      String[] texts = (String[]) value;
      int size = 0;
      for (String text : texts) {
        size += utf8(text) + 6;
      }
      add(AttributeKey.stringArrayKey(key), Arrays.asList(texts), size);
    } else {
      String text = String.valueOf(value);
      add(known.text(key), text, utf8(text));
    }
  }

  @Override
  public void attribute(String key, long value) {
    add(known.number(key), value, 10);
  }

  private void add(AttributeKey<?> key, Object value, int size) {
    if (count == keys.length) {
      keys = Arrays.copyOf(keys, count * 2);
      values = Arrays.copyOf(values, count * 2);
    }
    keys[count] = key;
    values[count++] = value;
    bytes += key.getKey().length() + size + 12;
  }

  private static int utf8(String text) {
    int size = text.length();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      size += c < 0x80 ? 0 : c < 0x800 ? 1 : 2;
    }
    return size;
  }

  @Override
  @SuppressWarnings("unchecked")
  public <T> @Nullable T get(AttributeKey<T> key) {
    for (int i = 0; i < count; i++) {
      if (keys[i].equals(key)) {
        return (T) values[i];
      }
    }
    return null;
  }

  @Override
  public void forEach(BiConsumer<? super AttributeKey<?>, ? super Object> consumer) {
    for (int i = 0; i < count; i++) {
      consumer.accept(keys[i], values[i]);
    }
  }

  @Override
  public int size() {
    return count;
  }

  @Override
  public boolean isEmpty() {
    return count == 0;
  }

  @Override
  public Map<AttributeKey<?>, Object> asMap() {
    Map<AttributeKey<?>, Object> map = new LinkedHashMap<>();
    forEach(map::put);
    return map;
  }

  @Override
  public AttributesBuilder toBuilder() {
    AttributesBuilder builder = Attributes.builder();
    builder.putAll(this);
    return builder;
  }
}
