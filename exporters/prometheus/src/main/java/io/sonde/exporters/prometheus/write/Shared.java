package io.sonde.exporters.prometheus.write;

import io.sonde.core.metrics.Instrument;
import io.sonde.core.metrics.Labels;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The labels and instruments of one reading: those of the reading before where they are the same,
 * so that readings that wait hold each of them once.
 */
final class Shared {
  private final Map<Object, Object> before = new HashMap<>();
  private final Map<Object, Object> here = new HashMap<>();

  /** About how many bytes all of them take, and those that the reading before has too. */
  long bytes;

  long again;

  Shared(@Nullable Snapshot last) {
    if (last != null) {
      for (Point point : last.points) {
        before.put(point.labels, point.labels);
        before.put(key(point.instrument), point.instrument);
      }
    }
  }

  Labels labels(Labels read) {
    return (Labels) one(read, read, bytes(read));
  }

  Instrument instrument(Instrument read) {
    return (Instrument) one(key(read), read, 48 + bytes(read.name) + bytes(read.description));
  }

  private Object one(Object key, Object read, long size) {
    Object known = here.get(key);
    if (known != null) {
      return known;
    }
    Object then = before.get(key);
    Object kept = then == null ? read : then;
    here.put(key, kept);
    bytes += size;
    again += then == null ? 0 : size;
    return kept;
  }

  private static List<Object> key(Instrument of) {
    return Arrays.asList(of.kind, of.name, of.unit, of.description);
  }

  private static long bytes(Labels labels) {
    long bytes = 32;
    for (int i = 0; i < labels.size(); i++) {
      Object value = labels.value(i);
      bytes += 16 + bytes(labels.key(i)) + (value instanceof String ? bytes((String) value) : 24);
    }
    return bytes;
  }

  /** Two bytes a character, as on Java 8 and beyond Latin 1. */
  private static long bytes(String text) {
    return 40 + 2L * text.length();
  }
}
