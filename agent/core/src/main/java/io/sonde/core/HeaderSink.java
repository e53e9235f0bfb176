package io.sonde.core;

/**
 * Sets one header of an outgoing request or message; implemented by a constant of each
 * instrumentation.
 */
public interface HeaderSink<C> {
  /** Sets the header, in place of a value that is there. */
  void set(C carrier, String name, String value);
}
