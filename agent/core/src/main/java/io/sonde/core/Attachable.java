package io.sonde.core;

import org.jspecify.annotations.Nullable;

/**
 * What the weaver makes of a class whose objects carry something of ours: a field and these two
 * methods.
 */
public interface Attachable {
  /** What is attached. */
  @Nullable Object sonde$attached();

  /** Attaches a value, or nothing. */
  void sonde$attached(@Nullable Object value);
}
