package io.sonde.core;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What a span keeps only where it leaves the agent, so that one that is not sampled is smaller:
 * attributes in one small array of keys and values, and what it took.
 */
final class Recorded {
  /** Of an empty one. */
  private static final int WEIGHT = 64;

  /** Of an attribute beside its text. */
  private static final int ENTRY = 56;

  private Object @Nullable [] attributes;
  private short used;
  private short dropped;

  /** The port of the other end of a server's connection, 0 where it is not known. */
  char peerPort;

  /** What it took, counted while a profiler runs. */
  final @Nullable Cost cost;

  Recorded(@Nullable Cost cost) {
    this.cost = cost;
  }

  /** Sets an attribute; {@code first} slots, two an attribute, are made for the first one. */
  void set(String key, Object value, int first) {
    Object[] array = attributes;
    if (array == null) {
      attributes = array = new Object[first];
    }
    for (int i = 0; i < used; i += 2) {
      if (array[i] == key) {
        array[i + 1] = Limits.cut(value);
        return;
      }
    }
    if (used >= Limits.attributes() * 2) {
      if (dropped < Short.MAX_VALUE) {
        dropped++;
      }
      return;
    }
    if (used == array.length) {
      attributes = array = Arrays.copyOf(array, used * 2);
    }
    array[used++] = key;
    array[used++] = Limits.cut(value);
  }

  void attributes(Span.Out out) {
    Object[] array = attributes;
    for (int i = 0; array != null && i < used; i += 2) {
      out.attribute((String) array[i], array[i + 1]);
    }
    if (peerPort > 0) {
      out.attribute(Names.NETWORK_PEER_PORT, (long) peerPort);
    }
  }

  /** The memory that it takes, about. */
  int weight() {
    Object[] array = attributes;
    int bytes = WEIGHT;
    for (int i = 0; array != null && i < used; i += 2) {
      bytes += weight(array[i + 1]);
    }
    return bytes;
  }

  private static int weight(Object value) {
    if (value instanceof String[]) {
      int bytes = ENTRY;
      for (String text : (String[]) value) {
        bytes += weight(text);
      }
      return bytes;
    }
    return value instanceof String ? ENTRY + ((String) value).length() : ENTRY;
  }

  /** Attributes that the limit kept out. */
  int dropped() {
    return dropped;
  }
}
