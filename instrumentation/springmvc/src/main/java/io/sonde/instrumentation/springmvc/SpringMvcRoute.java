package io.sonde.instrumentation.springmvc;

import io.sonde.core.Attached;
import io.sonde.core.Routes;
import io.sonde.core.ServerSpan;
import io.sonde.core.Weave;
import javax.servlet.DispatcherType;
import javax.servlet.http.HttpServletRequest;
import net.bytebuddy.asm.Advice;
import org.jspecify.annotations.Nullable;
import org.springframework.web.servlet.HandlerExecutionChain;
import org.springframework.web.servlet.HandlerMapping;
import org.springframework.web.servlet.handler.AbstractUrlHandlerMapping;

/** Routes of Spring MVC 4 to 7: controllers, functional endpoints and static resources. */
public final class SpringMvcRoute {
  private static final Attached<Boolean> NO_ROUTE = new Attached<>();

  private SpringMvcRoute() {}

  /** A handler was found, and the interceptors that say by which pattern have run. */
  @Weave(
      type = "org.springframework.web.servlet.HandlerExecutionChain",
      method =
          "applyPreHandle(javax.servlet.http.HttpServletRequest,"
              + "javax.servlet.http.HttpServletResponse)",
      state = true)
  public static final class Matched {
    private Matched() {}

    @Advice.OnMethodExit(inline = false, onThrowable = Throwable.class, suppress = Throwable.class)
    public static void exit(
        @Advice.This HandlerExecutionChain chain, @Advice.Argument(0) HttpServletRequest request) {
      ServerSpan span = ServerSpan.currentServer();
      if (span == null
          || request.getDispatcherType() == DispatcherType.ERROR
          || NO_ROUTE.get(chain) != null) {
        return;
      }
      Object pattern = request.getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE);
      if (pattern instanceof String) {
        span.route(Routes.join(prefix(request, (String) pattern), (String) pattern), 2);
      }
    }
  }

  /**
   * A mapping that sends what it does not know to a default handler calls the whole path a pattern.
   */
  @Weave(
      type = "org.springframework.web.servlet.handler.AbstractUrlHandlerMapping",
      method =
          "buildPathExposingHandler("
              + "java.lang.Object,java.lang.String,java.lang.String,java.util.Map)")
  public static final class ByDefault {
    private ByDefault() {}

    @Advice.OnMethodExit(inline = false, suppress = Throwable.class)
    public static void exit(
        @Advice.This AbstractUrlHandlerMapping mapping,
        @Advice.Argument(1) String pattern,
        @Advice.Return @Nullable Object chain) {
      if (chain != null && !pattern.equals("/") && !mapping.getHandlerMap().containsKey(pattern)) {
        NO_ROUTE.set(chain, Boolean.TRUE);
      }
    }
  }

  /**
   * Patterns count from the application's path, and from the servlet's where that is mapped to a
   * prefix.
   */
  private static String prefix(HttpServletRequest request, String pattern) {
    String context = request.getContextPath() == null ? "" : request.getContextPath();
    String servlet = request.getServletPath();
    String rest = request.getPathInfo();
    if (servlet == null || servlet.isEmpty() || rest == null) {
      return context;
    }
    boolean whole = pattern.startsWith(servlet) && !rest.startsWith(servlet);
    return whole ? context : context + servlet;
  }
}
