package io.sonde.exporters.otlp;

import io.opentelemetry.api.common.AttributeKey;
import java.util.HashMap;
import java.util.Map;

/**
 * OpenTelemetry's keys by name, made once since they hold the name's bytes; bounded, for names are
 * not always constants.
 */
final class AttributeKeys {
  private static final int MAX = 500;

  private final Map<String, AttributeKey<String>> texts = new HashMap<>();
  private final Map<String, AttributeKey<Long>> numbers = new HashMap<>();

  AttributeKey<String> text(String name) {
    AttributeKey<String> key = texts.get(name);
    if (key == null) {
      key = AttributeKey.stringKey(name);
      if (texts.size() < MAX) {
        texts.put(name, key);
      }
    }
    return key;
  }

  AttributeKey<Long> number(String name) {
    AttributeKey<Long> key = numbers.get(name);
    if (key == null) {
      key = AttributeKey.longKey(name);
      if (numbers.size() < MAX) {
        numbers.put(name, key);
      }
    }
    return key;
  }
}
