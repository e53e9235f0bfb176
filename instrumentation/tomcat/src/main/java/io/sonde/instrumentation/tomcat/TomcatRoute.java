package io.sonde.instrumentation.tomcat;

import io.sonde.core.Attached;
import io.sonde.core.ServerSpan;
import io.sonde.core.Weave;
import net.bytebuddy.asm.Advice;
import org.apache.catalina.Context;
import org.apache.catalina.Wrapper;
import org.apache.catalina.connector.Request;
import org.jspecify.annotations.Nullable;

/**
 * The route of plain servlets on Tomcat 8.5 to 11: the mapping that led to the servlet, behind the
 * application's path.
 *
 * <p>The default servlet has none, for it stands for everything that is not mapped.
 */
public final class TomcatRoute {
  private static final Attached<Routes> ROUTES = new Attached<>();

  private TomcatRoute() {}

  /** A servlet was found. */
  @Weave(
      type = "org.apache.catalina.core.StandardWrapperValve",
      method =
          "invoke(org.apache.catalina.connector.Request,org.apache.catalina.connector.Response)")
  public static final class Invoke {
    private Invoke() {}

    @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
    public static void enter(@Advice.Argument(0) Request request) {
      ServerSpan span = ServerSpan.currentServer();
      Wrapper wrapper = span == null ? null : request.getWrapper();
      if (span != null && wrapper != null && span.route() == null) {
        Routes routes = ROUTES.get(wrapper);
        if (routes == null) {
          ROUTES.set(wrapper, routes = new Routes(request.getContext(), wrapper));
        }
        span.route(routes.of(request.getServletPath(), request.getPathInfo()), 1);
      }
    }
  }

  /** The mappings of a servlet change. */
  @Weave(
      type = "org.apache.catalina.core.StandardWrapper",
      method = {"addMapping(java.lang.String)", "removeMapping(java.lang.String)"},
      state = true)
  public static final class Mapping {
    private Mapping() {}

    @Advice.OnMethodExit(inline = false, suppress = Throwable.class)
    public static void exit(@Advice.This Wrapper wrapper) {
      ROUTES.remove(wrapper);
    }
  }

  /** The mappings of one servlet and what route each is. */
  static final class Routes {
    private final String[] patterns;
    private final String[] routes;

    Routes(@Nullable Context context, Wrapper wrapper) {
      patterns = wrapper.findMappings();
      routes = new String[patterns.length];
      String path = context == null ? "" : context.getPath();
      for (int i = 0; i < routes.length; i++) {
        String pattern = patterns[i];
        routes[i] = (path == null ? "" : path) + (pattern.startsWith("*.") ? "/" : "") + pattern;
      }
    }

    @Nullable String of(@Nullable String servletPath, @Nullable String pathInfo) {
      String path = servletPath == null ? "" : servletPath;
      for (int i = 0; i < patterns.length; i++) {
        if (matches(patterns[i], path, pathInfo)) {
          return routes[i].isEmpty() ? "/" : routes[i];
        }
      }
      return null;
    }

    private static boolean matches(String pattern, String path, @Nullable String pathInfo) {
      if (pattern.equals("/")) {
        return false;
      }
      int length = pattern.length();
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
}
