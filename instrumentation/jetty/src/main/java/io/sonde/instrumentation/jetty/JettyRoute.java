package io.sonde.instrumentation.jetty;

import io.sonde.core.Attached;
import io.sonde.core.ServerSpan;
import io.sonde.core.ServletMappings;
import io.sonde.core.Weave;
import javax.servlet.http.HttpServletRequest;
import net.bytebuddy.asm.Advice;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.servlet.ServletHandler;
import org.eclipse.jetty.servlet.ServletHolder;

/**
 * The route of plain servlets on Jetty 9.4 to 11: the mapping that led to the servlet, behind the
 * application's path.
 */
public final class JettyRoute {
  private static final Attached<ServletMappings> MAPPINGS = new Attached<>();

  private JettyRoute() {}

  /** A servlet was found and its filters are about to run. */
  @Weave(
      type = "org.eclipse.jetty.servlet.ServletHandler",
      method =
          "doHandle(java.lang.String,org.eclipse.jetty.server.Request,"
              + "javax.servlet.http.HttpServletRequest,javax.servlet.http.HttpServletResponse)")
  public static final class Found {
    private Found() {}

    @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
    public static void enter(
        @Advice.Argument(1) Request base, @Advice.Argument(2) HttpServletRequest request) {
      ServerSpan span = ServerSpan.currentServer();
      Object scope = span == null ? null : base.getUserIdentityScope();
      if (span != null && scope instanceof ServletHolder && span.route() == null) {
        ServletMappings mappings = MAPPINGS.get(scope);
        if (mappings == null) {
          mappings =
              new ServletMappings(
                  request.getContextPath(),
                  ((ServletHolder) scope).getRegistration().getMappings());
          MAPPINGS.set(scope, mappings);
        }
        span.route(mappings.route(request.getServletPath(), request.getPathInfo()), 1);
      }
    }
  }

  /** The mappings of a servlet change; those of all its neighbours are read again as well. */
  @Weave(type = "org.eclipse.jetty.servlet.ServletHandler", method = "updateMappings()")
  public static final class Changed {
    private Changed() {}

    @Advice.OnMethodExit(inline = false, suppress = Throwable.class)
    public static void exit(@Advice.This ServletHandler handler) {
      ServletHolder[] holders = handler.getServlets();
      for (int i = 0; holders != null && i < holders.length; i++) {
        MAPPINGS.remove(holders[i]);
      }
    }
  }

  /** Where the mappings of a servlet are kept. */
  @Weave(type = "org.eclipse.jetty.servlet.ServletHolder", method = "doStart()", state = true)
  public static final class Started {
    private Started() {}

    @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
    public static void enter(@Advice.This ServletHolder holder) {
      MAPPINGS.remove(holder);
    }
  }
}
