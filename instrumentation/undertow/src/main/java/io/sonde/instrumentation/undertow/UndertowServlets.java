package io.sonde.instrumentation.undertow;

import io.sonde.core.Attached;
import io.sonde.core.Hop;
import io.sonde.core.ServerSpan;
import io.sonde.core.ServletMappings;
import io.sonde.core.Weave;
import io.undertow.servlet.api.Deployment;
import io.undertow.servlet.core.ManagedServlet;
import io.undertow.servlet.handlers.ServletPathMatch;
import io.undertow.servlet.spec.AsyncContextImpl;
import javax.servlet.ServletException;
import net.bytebuddy.asm.Advice;
import org.jspecify.annotations.Nullable;

/** Context, errors and routes of servlets on Undertow 1.4 to 2.3. */
public final class UndertowServlets {
  private static final Attached<ServletMappings> MAPPINGS = new Attached<>();
  private static final Attached<ServerSpan> ASYNC = new Attached<>();

  private UndertowServlets() {}

  /** A servlet was found. */
  @Weave(
      type = "io.undertow.servlet.handlers.ServletRequestContext",
      method =
          "<init>(io.undertow.servlet.api.Deployment,io.undertow.servlet.spec.HttpServletRequestImpl,"
              + "io.undertow.servlet.spec.HttpServletResponseImpl,"
              + "io.undertow.servlet.handlers.ServletPathMatch)")
  public static final class Route {
    private Route() {}

    @Advice.OnMethodExit(inline = false, suppress = Throwable.class)
    public static void exit(
        @Advice.Argument(0) Deployment deployment,
        @Advice.Argument(3) @Nullable ServletPathMatch match) {
      ServerSpan span = ServerSpan.currentServer();
      if (span == null || match == null || match.getServletChain() == null) {
        return;
      }
      ManagedServlet servlet = match.getServletChain().getManagedServlet();
      ServletMappings mappings = MAPPINGS.get(servlet);
      if (mappings == null) {
        String path = deployment.getDeploymentInfo().getContextPath();
        mappings =
            new ServletMappings(
                "/".equals(path) ? "" : path, servlet.getServletInfo().getMappings());
        MAPPINGS.set(servlet, mappings);
      }
      span.route(mappings.route(match.getMatched(), match.getRemaining()), 1);
    }
  }

  /** A servlet or filter threw. */
  @Weave(
      type = "io.undertow.servlet.api.LoggingExceptionHandler",
      method =
          "handleThrowable(io.undertow.server.HttpServerExchange,javax.servlet.ServletRequest,"
              + "javax.servlet.ServletResponse,java.lang.Throwable)")
  public static final class Failed {
    private Failed() {}

    @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
    public static void enter(@Advice.Argument(3) @Nullable Throwable thrown) {
      ServerSpan span = ServerSpan.currentServer();
      if (span != null) {
        Throwable root =
            thrown instanceof ServletException ? ((ServletException) thrown).getRootCause() : null;
        span.error(root != null ? root : thrown);
      }
    }
  }

  /** An asynchronous request hands a task to the workers. */
  @Weave(type = "io.undertow.servlet.spec.AsyncContextImpl", method = "start(java.lang.Runnable)")
  public static final class Start {
    private Start() {}

    @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
    @Advice.AssignReturned.ToArguments(@Advice.AssignReturned.ToArguments.ToArgument(0))
    public static Runnable enter(@Advice.Argument(0) Runnable task) {
      return Hop.wrap(task);
    }
  }

  /** The first thread is done with an asynchronous request. */
  @Weave(
      type = "io.undertow.servlet.spec.AsyncContextImpl",
      method = "initialRequestDone()",
      state = true)
  public static final class Suspended {
    private Suspended() {}

    @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
    public static void enter(@Advice.This AsyncContextImpl async) {
      ServerSpan span = ServerSpan.currentServer();
      if (span != null) {
        ASYNC.set(async, span);
      }
    }
  }

  /** Its listeners are told of a time-out. */
  @Weave(type = "io.undertow.servlet.spec.AsyncContextImpl", method = "onAsyncTimeout()")
  public static final class TimedOut {
    private TimedOut() {}

    @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
    public static @Nullable ServerSpan enter(@Advice.This AsyncContextImpl async) {
      ServerSpan span = ASYNC.get(async);
      return span != null && !span.isEnded() && span.resume() ? span : null;
    }

    @Advice.OnMethodExit(inline = false, onThrowable = Throwable.class, suppress = Throwable.class)
    public static void exit(@Advice.Enter @Nullable ServerSpan span) {
      if (span != null) {
        span.exit();
      }
    }
  }

  /** It failed. */
  @Weave(
      type = "io.undertow.servlet.spec.AsyncContextImpl",
      method = "handleError(java.lang.Throwable)")
  public static final class AsyncFailed {
    private AsyncFailed() {}

    @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
    public static void enter(@Advice.Argument(0) @Nullable Throwable thrown) {
      Failed.enter(thrown);
    }
  }
}
