package io.sonde.exporters.otlp;

import io.sonde.core.Span;

/** Writes attributes into a message as they come, one KeyValue each. */
final class Attributes implements Span.Out {
  private static final int KEY = 1;
  private static final int VALUE = 2;
  private static final int STRING = 1;
  private static final int BOOL = 2;
  private static final int INT = 3;
  private static final int DOUBLE = 4;
  private static final int ARRAY = 5;

  private final Proto out;
  private int field;

  Attributes(Proto out) {
    this.out = out;
  }

  /** Sets the number of the attributes' field in the message that is being written. */
  Attributes in(int number) {
    field = number;
    return this;
  }

  @Override
  public void attribute(String key, Object value) {
    int pair = out.open(field);
    out.text(KEY, key);
    value(VALUE, value);
    out.close(pair);
  }

  @Override
  public void attribute(String key, long value) {
    int pair = out.open(field);
    out.text(KEY, key);
    int any = out.open(VALUE);
    out.number(INT, value);
    out.close(any);
    out.close(pair);
  }

  private void value(int number, Object value) {
    int any = out.open(number);
    if (value instanceof String) {
      out.text(STRING, (String) value);
    } else if (value instanceof Long || value instanceof Integer || value instanceof Short) {
      out.number(INT, ((Number) value).longValue());
    } else if (value instanceof Boolean) {
      out.bool(BOOL, (Boolean) value);
    } else if (value instanceof Double || value instanceof Float) {
      out.fixed64(DOUBLE, Double.doubleToRawLongBits(((Number) value).doubleValue()));
    } else if (value instanceof Object[]) {
      int array = out.open(ARRAY);
      for (Object element : (Object[]) value) {
        value(1, element == null ? "" : element);
      }
      out.close(array);
    } else {
      out.text(STRING, value.toString());
    }
    out.close(any);
  }
}
