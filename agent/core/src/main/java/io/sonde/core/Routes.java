package io.sonde.core;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Routes put together of a prefix and a template, once for each pair.
 *
 * <p>Bounded: a framework that shows paths as templates would otherwise give every path a route of
 * its own. What comes after {@link #MAX} routes has none.
 */
public final class Routes {
  static final int MAX = 2000;

  private static final Routes ROUTES = new Routes();

  private static final int NAMES_KEPT = 256;

  // Each pair has one place; what is lost by two threads writing there is made again.
  private static final AtomicReferenceArray<@Nullable Name> NAMES =
      new AtomicReferenceArray<>(NAMES_KEPT);

  private final ConcurrentHashMap<String, ConcurrentHashMap<String, String>> byPrefix =
      new ConcurrentHashMap<>();
  private final AtomicInteger count = new AtomicInteger();

  Routes() {}

  /** The template behind the prefix, with one slash between them; null where there are too many. */
  public static @Nullable String join(String prefix, String template) {
    return ROUTES.of(prefix, template);
  }

  @Nullable String of(String prefix, String template) {
    ConcurrentHashMap<String, String> routes = byPrefix.get(prefix);
    String route = routes == null ? null : routes.get(template);
    return route != null || count.get() >= MAX ? route : add(prefix, template);
  }

  private String add(String prefix, String template) {
    ConcurrentHashMap<String, String> routes = byPrefix.get(prefix);
    if (routes == null) {
      ConcurrentHashMap<String, String> fresh = new ConcurrentHashMap<>();
      routes = byPrefix.putIfAbsent(prefix, fresh);
      routes = routes == null ? fresh : routes;
    }
    String route = concatenate(prefix, template);
    String before = routes.putIfAbsent(template, route);
    if (before != null) {
      return before;
    }
    count.incrementAndGet();
    return route;
  }

  /** The name of a span: method and route with a space between; the latest ones are kept. */
  static String named(String method, String route) {
    int hash = route.hashCode() * 31 + method.hashCode();
    int place = (hash ^ hash >>> 16) & NAMES_KEPT - 1;
    Name kept = NAMES.get(place);
    if (kept == null || !kept.method.equals(method) || !kept.route.equals(route)) {
      NAMES.set(place, kept = new Name(method, route));
    }
    return kept.text;
  }

  private static final class Name {
    final String method;
    final String route;
    final String text;

    Name(String method, String route) {
      this.method = method;
      this.route = route;
      text = method + ' ' + route;
    }
  }

  private static String concatenate(String prefix, String template) {
    String start = prefix.endsWith("/") ? prefix.substring(0, prefix.length() - 1) : prefix;
    if (template.isEmpty()) {
      return start.isEmpty() ? "/" : start;
    }
    return template.startsWith("/") ? start + template : start + '/' + template;
  }
}
