package io.sonde.exporters.otlp;

import io.sonde.core.Protobuf;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** A table of a dictionary: each entry once, written when it is new. */
final class ProfileTable {
  private static final int FIRST_ENTRIES = 64;

  final Protobuf out = new Protobuf(0);
  final int field;
  private final Map<Object, Integer> known = new HashMap<>(FIRST_ENTRIES);

  /** A table of that field of the dictionary. */
  ProfileTable(int field) {
    this.field = field;
  }

  /** The entry's number, or -1 where it is not there yet. */
  int find(Object key) {
    Integer number = known.get(key);
    return number == null ? -1 : number;
  }

  /** The number of the entry that is written next. */
  int add(Object key) {
    int number = known.size();
    known.put(key, number);
    return number;
  }

  /** What an entry is made of. */
  static final class Key {
    private final long[] parts;
    private final int hash;

    Key(long... parts) {
      this.parts = parts;
      hash = Arrays.hashCode(parts);
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Key && Arrays.equals(parts, ((Key) other).parts);
    }

    @Override
    public int hashCode() {
      return hash;
    }
  }
}
