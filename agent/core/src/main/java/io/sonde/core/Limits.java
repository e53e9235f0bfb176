package io.sonde.core;

/** The bounds of a span, as OTEL_SPAN_* and OTEL_ATTRIBUTE_* set them. */
public final class Limits {
  private static volatile int attributes = 128;
  private static volatile int valueLength = Integer.MAX_VALUE;
  private static volatile int links = 128;
  private static volatile int events = 128;
  private static volatile int eventAttributes = 128;

  private Limits() {}

  /** Sets the bounds, before the first span. */
  public static void set(int attributes, int valueLength, int links) {
    Limits.attributes = attributes;
    Limits.valueLength = valueLength;
    Limits.links = links;
  }

  /** Sets how many events a span has at most, and an event attributes, before the first span. */
  public static void events(int most, int attributesOfEach) {
    events = most;
    eventAttributes = attributesOfEach;
  }

  /** How many events a span has at most. */
  public static int events() {
    return events;
  }

  /** How many attributes an event has at most. */
  public static int eventAttributes() {
    return eventAttributes;
  }

  /** How many attributes a span has at most. */
  public static int attributes() {
    return attributes;
  }

  static int links() {
    return links;
  }

  /** The longest text that an attribute holds. */
  public static int valueLength() {
    return valueLength;
  }

  /** The value as far as the limit goes; a list is copied. */
  public static Object cut(Object value) {
    int max = valueLength;
    if (value instanceof String && ((String) value).length() > max) {
      String text = (String) value;
      boolean splitsPair = max > 0 && Character.isHighSurrogate(text.charAt(max - 1));
      return text.substring(0, splitsPair ? max - 1 : max);
    }
    if (value instanceof String[]) {
      String[] cut = ((String[]) value).clone();
      for (int i = 0; i < cut.length; i++) {
        cut[i] = (String) cut(cut[i]);
      }
      return cut;
    }
    return value;
  }
}
