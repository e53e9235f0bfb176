package io.sonde.profiler.chunk;

/** Some fields of a type, of one entry of its pool at a time. */
final class Entry {
  final Type type;
  private final int[] indexes;
  private final long[] all;

  Entry(Chunk chunk, String name, String... fields) {
    type = type(chunk, name);
    all = new long[type.size()];
    indexes = new int[fields.length];
    for (int i = 0; i < fields.length; i++) {
      indexes[i] = type.index(fields[i]);
      if (indexes[i] < 0) {
        throw new IllegalArgumentException(
            "not a recording of ours: no " + fields[i] + " in " + name);
      }
    }
  }

  /** The type of that name, which each recording of ours has. */
  static Type type(Chunk chunk, String name) {
    Type type = chunk.type(name);
    if (type == null) {
      throw new IllegalArgumentException("not a recording of ours: no " + name);
    }
    return type;
  }

  void read(Cursor in) {
    type.read(in, all);
  }

  long value(int field) {
    return all[indexes[field]];
  }
}
