package io.sonde.profiler.async;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the values of an event, or of an entry of a pool, are, in the order they are written in. */
final class Type {
  final String name;
  private final List<Field> fields = new ArrayList<>();

  Type(String name) {
    this.name = name;
  }

  /** One value. */
  private static final class Field {
    final String name;
    final Type type;
    final boolean pooled;
    final boolean many;

    Field(String name, Type type, boolean pooled, boolean many) {
      this.name = name;
      this.type = type;
      this.pooled = pooled;
      this.many = many;
    }
  }

  void add(String field, Type type, boolean pooled, boolean many) {
    fields.add(new Field(field, type, pooled, many));
  }

  int size() {
    return fields.size();
  }

  /** Where the field's value is, -1 where the type has no such field. */
  int index(String field) {
    for (int i = 0; i < fields.size(); i++) {
      if (fields.get(i).name.equals(field)) {
        return i;
      }
    }
    return -1;
  }

  /** The type of that field's values. */
  @Nullable Type of(String field) {
    int index = index(field);
    return index < 0 ? null : fields.get(index).type;
  }

  /**
   * Reads one entry: numbers, and ids of what is in a pool; of everything else, where it begins.
   */
  void read(Cursor in, long[] values) {
    for (int i = 0; i < fields.size(); i++) {
      Field field = fields.get(i);
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
    switch (name) {
      case "boolean":
      case "byte":
        return in.one();
      case "char":
      case "short":
      case "int":
      case "long":
        return in.number();
      case "float":
        in.at += 4;
        return start;
      case "double":
        in.at += 8;
        return start;
      case "java.lang.String":
        in.text();
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
