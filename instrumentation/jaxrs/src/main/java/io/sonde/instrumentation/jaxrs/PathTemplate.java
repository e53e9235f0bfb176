package io.sonde.instrumentation.jaxrs;

/**
 * Puts the templates of {@code @Path} one behind the other, without the patterns of their
 * variables.
 */
final class PathTemplate {
  private PathTemplate() {}

  /** Adds a template, with one slash before it and none behind. */
  static void append(StringBuilder route, String template) {
    if (route.length() > 0 && route.charAt(route.length() - 1) == '/') {
      route.setLength(route.length() - 1);
    }
    if (!template.startsWith("/")) {
      route.append('/');
    }
    int depth = 0;
    boolean pattern = false;
    for (int i = 0; i < template.length(); i++) {
      char c = template.charAt(i);
      depth += c == '{' ? 1 : 0;
      pattern |= depth > 0 && c == ':';
      depth -= c == '}' ? 1 : 0;
      pattern &= depth > 0;
      if (!pattern && c != ' ') {
        route.append(c);
      }
    }
    if (route.length() > 0 && route.charAt(route.length() - 1) == '/') {
      route.setLength(route.length() - 1);
    }
  }
}
