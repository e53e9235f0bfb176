package io.sonde.profiler.chunk;

import java.util.List;

/** What the values of an event, or of an entry of a pool, are, in the order they are written in. */
public final class Type {
  /** How a value is written. */
  private enum Form {
    ONE,
    NUMBER,
    FOUR,
    EIGHT,
    TEXT,
    FIELDS
  }

  private final String name;

  /** Among the types of one description. */
  final int number;

  /** Whether its pool is asked for. */
  final boolean kept;

  private final Form form;
  private Field[] fields = {};

  Type(String name, int number, boolean kept) {
    this.name = name;
    this.number = number;
    this.kept = kept;
    form = form(name);
  }

  private static Form form(String name) {
    switch (name) {
      case "boolean":
      case "byte":
        return Form.ONE;
      case "char":
      case "short":
      case "int":
      case "long":
        return Form.NUMBER;
      case "float":
        return Form.FOUR;
      case "double":
        return Form.EIGHT;
      case "java.lang.String":
        return Form.TEXT;
      default:
        return Form.FIELDS;
    }
  }

  /** One value. */
  static final class Field {
    final String name;
    final Type type;
    final boolean pooled;
    final boolean many;

    /** Whether it is a time in the recording's ticks. */
    final boolean ticks;

    Field(String name, Type type, boolean pooled, boolean many, boolean ticks) {
      this.name = name;
      this.type = type;
      this.pooled = pooled;
      this.many = many;
      this.ticks = ticks;
    }
  }

  void fields(List<Field> all) {
    fields = all.toArray(new Field[0]);
  }

  /** The JVM's name for it. */
  public String name() {
    return name;
  }

  /** How many values there are. */
  int size() {
    return fields.length;
  }

  /** Where the field's value is, -1 where the type has no such field. */
  public int index(String field) {
    for (int i = 0; i < fields.length; i++) {
      if (fields[i].name.equals(field)) {
        return i;
      }
    }
    return -1;
  }

  /** Whether the value there is a span of time in the recording's ticks. */
  public boolean isTicks(int index) {
    return fields[index].ticks;
  }

  /**
   * Reads one entry: numbers, and ids of what is in a pool; of everything else, where it begins.
   */
  void read(Cursor in, long[] values) {
    for (int i = 0; i < fields.length; i++) {
      Field field = fields[i];
      if (field.many) {
        values[i] = in.at;
        for (int left = in.count(); left > 0; left--) {
          skip(in, field);
        }
      } else if (field.pooled) {
        values[i] = in.number();
      } else {
        values[i] = field.type.value(in);
      }
    }
  }

  private static void skip(Cursor in, Field field) {
    if (field.pooled) {
      in.number();
    } else {
      field.type.value(in);
    }
  }

  /** Reads a value of this type and says what it is as {@link #read} does. */
  long value(Cursor in) {
    long start = in.at;
    switch (form) {
      case ONE:
        return in.one();
      case NUMBER:
        return in.number();
      case FOUR:
        in.at += 4;
        return start;
      case EIGHT:
        in.at += 8;
        return start;
      case TEXT:
        in.skipText();
        return start;
      default:
        for (Field field : fields) {
          if (field.many) {
            for (int left = in.count(); left > 0; left--) {
              skip(in, field);
            }
          } else {
            skip(in, field);
          }
        }
        return start;
    }
  }
}
