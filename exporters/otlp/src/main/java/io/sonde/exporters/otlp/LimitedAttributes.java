package io.sonde.exporters.otlp;

import io.sonde.core.Limits;
import io.sonde.core.Span;

/**
 * Hands on what the limits leave of a span's attributes. Core bounds what it keeps; what it only
 * says of a span, such as its route, comes on top of that.
 */
final class LimitedAttributes implements Span.Out {
  private final Span.Out to;
  private int left;
  private int dropped;

  LimitedAttributes(Span.Out to) {
    this.to = to;
  }

  /** Another span begins. */
  void begin() {
    left = Limits.attributes();
    dropped = 0;
  }

  @Override
  public void attribute(String key, Object value) {
    if (hasRoom()) {
      to.attribute(key, Limits.valueLength() == Integer.MAX_VALUE ? value : Limits.cut(value));
    }
  }

  @Override
  public void attribute(String key, long value) {
    if (hasRoom()) {
      to.attribute(key, value);
    }
  }

  private boolean hasRoom() {
    if (left == 0) {
      dropped++;
      return false;
    }
    left--;
    return true;
  }

  /** How many attributes of this span there was no room for. */
  int dropped() {
    return dropped;
  }
}
