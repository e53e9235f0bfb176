package io.sonde.core;

import org.jspecify.annotations.Nullable;

/**
 * The route of one request, found after the request has begun: the timeline points at this and not
 * at the span, which it would keep alive with its attributes.
 */
public final class Endpoint {
  private static volatile boolean keepsBaggage;

  private final @Nullable String baggage;
  private volatile @Nullable String route;

  Endpoint(@Nullable String baggage) {
    this.baggage = keepsBaggage ? baggage : null;
  }

  /** Whether profiles want baggage, which is not kept here otherwise. */
  public static void keepBaggage(boolean wanted) {
    keepsBaggage = wanted;
  }

  /** The header that the request came with, where it is kept. */
  public @Nullable String baggage() {
    return baggage;
  }

  /** The template of the route; null where none was found. */
  public @Nullable String route() {
    return route;
  }

  void route(String template) {
    route = template;
  }
}
