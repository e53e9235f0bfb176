package io.sonde.instrumentation.jetty12;

import io.sonde.core.Attached;
import io.sonde.core.Routes;
import io.sonde.core.ServerSpan;
import io.sonde.core.Weave;
import javax.servlet.ServletException;
import javax.servlet.http.HttpServletMapping;
import javax.servlet.http.HttpServletRequest;
import net.bytebuddy.asm.Advice;
import org.jspecify.annotations.Nullable;

/** Context, errors and routes of servlets on Jetty 12, Jakarta EE 8 to 11. */
public final class Jetty12Servlets {
  private static final Attached<ServerSpan> SPANS = new Attached<>();

  private static final String EE8_CHANNEL = "org.eclipse.jetty.ee8.nested.HttpChannel";
  private static final String EE9_CHANNEL = "org.eclipse.jetty.ee9.nested.HttpChannel";
  private static final String EE10_CHANNEL = "org.eclipse.jetty.ee10.servlet.ServletChannel";
  private static final String EE11_CHANNEL = "org.eclipse.jetty.ee11.servlet.ServletChannel";

  private Jetty12Servlets() {}

  /** The channel takes the request over from the core. */
  @Weave(
      type = {EE8_CHANNEL, EE9_CHANNEL, EE10_CHANNEL, EE11_CHANNEL},
      method = {
        "onRequest(org.eclipse.jetty.ee8.nested.ContextHandler$CoreContextRequest)",
        "onRequest(org.eclipse.jetty.ee9.nested.ContextHandler$CoreContextRequest)",
        "associate(org.eclipse.jetty.server.Request,org.eclipse.jetty.server.Response,"
            + "org.eclipse.jetty.util.Callback)"
      },
      state = true)
  public static final class Begin {
    private Begin() {}

    @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
    public static void enter(@Advice.This Object channel) {
      ServerSpan span = ServerSpan.currentServer();
      if (span != null) {
        SPANS.set(channel, span);
      } else {
        SPANS.remove(channel);
      }
    }
  }

  /** It serves the request, at once or later on another thread. */
  @Weave(
      type = {EE8_CHANNEL, EE9_CHANNEL, EE10_CHANNEL, EE11_CHANNEL},
      method = "handle()")
  public static final class Handle {
    private Handle() {}

    @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
    public static @Nullable ServerSpan enter(@Advice.This Object channel) {
      ServerSpan span = SPANS.get(channel);
      return span != null && !span.isEnded() && span.resume() ? span : null;
    }

    @Advice.OnMethodExit(inline = false, onThrowable = Throwable.class, suppress = Throwable.class)
    public static void exit(@Advice.Enter @Nullable ServerSpan span) {
      if (span != null) {
        span.exit();
      }
    }
  }

  /** Something was thrown and an error page is made of it. */
  @Weave(
      type = {EE8_CHANNEL, EE9_CHANNEL, EE10_CHANNEL, EE11_CHANNEL},
      method = "handleException(java.lang.Throwable)")
  public static final class Failed {
    private Failed() {}

    @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
    public static void enter(
        @Advice.This Object channel, @Advice.Argument(0) @Nullable Throwable thrown) {
      ServerSpan span = SPANS.get(channel);
      if (span != null) {
        Throwable root =
            thrown instanceof ServletException ? ((ServletException) thrown).getRootCause() : null;
        span.error(root != null ? root : thrown);
      }
    }
  }

  /** A servlet was found and its filters are about to run. */
  @Weave(
      type = {
        "org.eclipse.jetty.ee8.servlet.ServletHandler",
        "org.eclipse.jetty.ee9.servlet.ServletHandler",
        "org.eclipse.jetty.ee10.servlet.ServletHandler$MappedServlet",
        "org.eclipse.jetty.ee11.servlet.ServletHandler$MappedServlet"
      },
      method = {
        "doHandle(java.lang.String,org.eclipse.jetty.ee8.nested.Request,"
            + "javax.servlet.http.HttpServletRequest,javax.servlet.http.HttpServletResponse)",
        "doHandle(java.lang.String,org.eclipse.jetty.ee9.nested.Request,"
            + "javax.servlet.http.HttpServletRequest,javax.servlet.http.HttpServletResponse)",
        "handle(org.eclipse.jetty.ee10.servlet.ServletHandler,java.lang.String,"
            + "javax.servlet.http.HttpServletRequest,javax.servlet.http.HttpServletResponse)",
        "handle(org.eclipse.jetty.ee11.servlet.ServletHandler,java.lang.String,"
            + "javax.servlet.http.HttpServletRequest,javax.servlet.http.HttpServletResponse)"
      })
  public static final class Route {
    private Route() {}

    @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
    public static void enter(@Advice.Argument(2) HttpServletRequest request) {
      ServerSpan span = ServerSpan.currentServer();
      if (span == null || span.route() != null) {
        return;
      }
      HttpServletMapping mapping = request.getHttpServletMapping();
      String pattern = mapping == null ? null : mapping.getPattern();
      // The default mapping stands for everything that is not mapped.
      if (pattern != null && !pattern.equals("/")) {
        String context = request.getContextPath();
        span.route(
            Routes.join(context == null ? "" : context, pattern.isEmpty() ? "/" : pattern), 1);
      }
    }
  }
}
