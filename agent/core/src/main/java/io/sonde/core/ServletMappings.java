package io.sonde.core;

import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * The mappings of one servlet, each with the route it stands for.
 *
 * <p>The default mapping {@code /} is no route, for it stands for everything that is not mapped.
 */
public final class ServletMappings {
  private final String[] patterns;
  private final String[] routes;

  /** The mappings below the application's path. */
  public ServletMappings(@Nullable String contextPath, Collection<String> mappings) {
    patterns = mappings.toArray(new String[0]);
    routes = new String[patterns.length];
    String path = contextPath == null ? "" : contextPath;
    for (int i = 0; i < routes.length; i++) {
      String pattern = patterns[i];
      boolean extension = pattern.startsWith("*.");
      routes[i] = extension || pattern.isEmpty() ? path + '/' + pattern : path + pattern;
    }
  }

  /** The route of a request with this servlet path and path info. */
  public @Nullable String route(@Nullable String servletPath, @Nullable String pathInfo) {
    String path = servletPath == null ? "" : servletPath;
    for (int i = 0; i < patterns.length; i++) {
      if (matches(patterns[i], path, pathInfo)) {
        return routes[i];
      }
    }
    return null;
  }

  private static boolean matches(String pattern, String path, @Nullable String pathInfo) {
    int length = pattern.length();
    if (pattern.equals("/")) {
      return false;
    }
    if (pattern.endsWith("/*")) {
      return length - 2 == path.length() && pattern.startsWith(path);
    }
    if (pattern.startsWith("*.")) {
      return pathInfo == null
          && path.regionMatches(path.length() - length + 1, pattern, 1, length - 1);
    }
    return pattern.equals(path);
  }
}
