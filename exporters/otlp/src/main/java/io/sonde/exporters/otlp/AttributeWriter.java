package io.sonde.exporters.otlp;

import io.sonde.core.Protobuf;
import io.sonde.core.Span;

/** Writes attributes as one field of a message. */
final class AttributeWriter implements Span.Out {
  static final int VALUE = 2;
  static final int TEXT = 1;

  private static final int KEY = 1;
  private static final int BOOLEAN = 2;
  private static final int WHOLE = 3;
  private static final int DECIMAL = 4;
  private static final int LIST = 5;
  private static final int ITEM = 1;

  private final Protobuf out;
  private final int field;

  AttributeWriter(Protobuf out, int field) {
    this.out = out;
    this.field = field;
  }

  @Override
  public void attribute(String key, Object value) {
    int attribute = begin(key);
    int wrapped = out.begin(VALUE);
    value(value);
    out.end(wrapped);
    out.end(attribute);
  }

  @Override
  public void attribute(String key, long value) {
    int attribute = begin(key);
    int wrapped = out.begin(VALUE);
    out.number(WHOLE, value);
    out.end(wrapped);
    out.end(attribute);
  }

  /** Begins an attribute; its value follows, then {@link Protobuf#end}. */
  int begin(String key) {
    int attribute = out.begin(field);
    out.text(KEY, key);
    return attribute;
  }

  private void value(Object value) {
    if (value instanceof String) {
      out.text(TEXT, (String) value);
    } else if (value instanceof Long || value instanceof Integer || value instanceof Short) {
      out.number(WHOLE, ((Number) value).longValue());
    } else if (value instanceof Boolean) {
      out.number(BOOLEAN, (Boolean) value ? 1 : 0);
    } else if (value instanceof Double || value instanceof Float) {
      out.fixed64(DECIMAL, Double.doubleToLongBits(((Number) value).doubleValue()));
    } else if (value instanceof String[]) {
      int list = out.begin(LIST);
      for (String text : (String[]) value) {
        int item = out.begin(ITEM);
        out.text(TEXT, text);
        out.end(item);
      }
      out.end(list);
    } else {
      out.text(TEXT, String.valueOf(value));
    }
  }
}
