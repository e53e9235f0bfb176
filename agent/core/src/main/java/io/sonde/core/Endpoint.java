package io.sonde.core;

import org.jspecify.annotations.Nullable;

/**
 * The route of one request, found after the request has begun: the timeline points at this and not
 * at the span, which it would keep alive with its attributes.
 */
public final class Endpoint {
  private volatile @Nullable String route;

  Endpoint() {}

  /** The template of the route; null where none was found. */
  public @Nullable String route() {
    return route;
  }

  void route(String template) {
    route = template;
  }
}
