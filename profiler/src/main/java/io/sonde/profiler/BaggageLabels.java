package io.sonde.profiler;

import io.sonde.profiler.pprof.SeriesLabels;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Labels from the baggage of a request: the configured keys and no others, since baggage is what a
 * caller likes it to be. Each has a bounded number of values an hour. Used by the profiler's thread
 * alone.
 */
final class BaggageLabels {
  private static final int MAX_KEYS = 8;
  private static final int MAX_VALUES = 50;
  private static final int MAX_VALUE = 64;
  private static final int MAX_KNOWN = 1000;
  private static final long HOUR = 3_600_000_000_000L;
  private static final String OTHER = "[other]";

  /** What a profile uses for something else. */
  private static final Set<String> TAKEN =
      new HashSet<>(
          Arrays.asList(
              "class", "endpoint", "span_id", "trace_id", "profile_id", "service_name", ""));

  private final Map<String, String> names = new LinkedHashMap<>();
  private final Map<String, Set<String>> values = new HashMap<>();
  private final Map<String, String> known = new HashMap<>();
  private final LongSupplier clock;
  private long begun;

  BaggageLabels(List<String> keys) {
    this(keys, System::nanoTime);
  }

  BaggageLabels(List<String> keys, LongSupplier clock) {
    this.clock = clock;
    begun = clock.getAsLong();
    for (String key : keys) {
      String name = name(key);
      if (names.size() < MAX_KEYS
          && !TAKEN.contains(name)
          && !names.containsValue(name)
          && !name.startsWith("__")) {
        names.put(key, name);
        values.put(key, new HashSet<>());
      }
    }
  }

  /** As series have them: {@code k6.scenario} is {@code k6_scenario}. */
  private static String name(String key) {
    StringBuilder name = new StringBuilder(key);
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      boolean letter = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
      if (!letter && (i == 0 || c < '0' || c > '9')) {
        name.setCharAt(i, '_');
      }
    }
    return name.toString();
  }

  boolean isEmpty() {
    return names.isEmpty();
  }

  /** The labels of a request with this header, for {@link SeriesLabels#of}. */
  String of(@Nullable String baggage) {
    if (baggage == null || names.isEmpty()) {
      return "";
    }
    forgetOld();
    String labels = known.get(baggage);
    if (labels == null) {
      labels = read(baggage);
      if (known.size() >= MAX_KNOWN) {
        known.clear(); // some key differs from request to request
      }
      known.put(baggage, labels);
    }
    return labels;
  }

  /** What ran an hour ago, a load test say, is not to keep what runs now from having its name. */
  private void forgetOld() {
    long now = clock.getAsLong();
    if (now - begun >= HOUR) {
      begun = now;
      known.clear();
      for (Set<String> seen : values.values()) {
        seen.clear();
      }
    }
  }

  private String read(String baggage) {
    Map<String, String> found = new HashMap<>();
    for (String member : baggage.split(",")) {
      int equals = member.indexOf('=');
      if (equals > 0) {
        int end = member.indexOf(';', equals);
        found.put(
            member.substring(0, equals).trim(),
            member.substring(equals + 1, end < 0 ? member.length() : end).trim());
      }
    }
    StringBuilder labels = new StringBuilder();
    for (Map.Entry<String, String> key : names.entrySet()) {
      String value = found.get(key.getKey());
      if (value != null && !value.isEmpty()) {
        labels.append(SeriesLabels.label(key.getValue(), bounded(key.getKey(), plain(value))));
      }
    }
    return labels.toString();
  }

  private String bounded(String key, String value) {
    Set<String> seen = values.get(key);
    return seen == null || !seen.contains(value) && (seen.size() >= MAX_VALUES || !seen.add(value))
        ? OTHER
        : value;
  }

  /** Decoded, without control characters, and not too long. */
  private static String plain(String value) {
    byte[] bytes = new byte[value.length()];
    int length = 0;
    for (int i = 0; i < value.length() && length < MAX_VALUE; i++) {
      int c = value.charAt(i);
      if (c == '%' && i + 2 < value.length()) {
        int high = Character.digit(value.charAt(i + 1), 16);
        int low = Character.digit(value.charAt(i + 2), 16);
        if (high >= 0 && low >= 0) {
          c = high * 16 + low;
          i += 2;
        }
      }
      bytes[length++] = (byte) (c < ' ' || c == 0x7F ? '_' : c);
    }
    return new String(bytes, 0, length, java.nio.charset.StandardCharsets.UTF_8);
  }
}
