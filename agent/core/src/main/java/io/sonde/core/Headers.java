package io.sonde.core;

import org.jspecify.annotations.Nullable;

/**
 * Reads one header of an incoming request or message; implemented by a constant of each
 * instrumentation.
 */
public interface Headers<C> {
  /** The first value of the header, or null; names are looked up without regard to case. */
  @Nullable String get(C carrier, String name);
}
