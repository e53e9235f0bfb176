package io.sonde.core;

import org.jspecify.annotations.Nullable;

/**
 * Reads headers of an incoming request or message; implemented by a constant of each
 * instrumentation.
 */
public interface Headers<C> {
  /**
   * The first value of the header, or null; names are looked up without regard to case where the
   * protocol says so.
   */
  @Nullable String get(C carrier, String name);

  /**
   * The values of all headers of that name with commas between them. What does not override this
   * gives the first one only, and so cannot tell a request with two traceparent headers from a good
   * one.
   */
  default @Nullable String all(C carrier, String name) {
    return get(carrier, name);
  }

  /**
   * The names of the headers, or null where they cannot be had cheaply; asked for by formats with a
   * header for each entry.
   */
  default @Nullable Iterable<String> names(C carrier) {
    return null;
  }
}
