package io.sonde.instrumentation.jetty;

import io.sonde.core.Hop;
import io.sonde.core.Weave;
import net.bytebuddy.asm.Advice;

/** Context in the threads of Jetty 9.4 to 12. */
public final class JettyThreads {
  private JettyThreads() {}

  /**
   * A worker takes its next job; it may have been started inside a request, which is not its own.
   */
  @Weave(
      type = "org.eclipse.jetty.util.thread.QueuedThreadPool",
      method = "runJob(java.lang.Runnable)")
  public static final class Job {
    private Job() {}

    @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
    public static void enter() {
      Hop.worker();
    }
  }

  /** An asynchronous request hands a task to the server's pool. */
  @Weave(
      type = {
        "org.eclipse.jetty.server.AsyncContextState",
        "org.eclipse.jetty.ee8.nested.AsyncContextState",
        "org.eclipse.jetty.ee9.nested.AsyncContextState",
        "org.eclipse.jetty.ee10.servlet.AsyncContextState",
        "org.eclipse.jetty.ee11.servlet.AsyncContextState"
      },
      method = "start(java.lang.Runnable)")
  public static final class Start {
    private Start() {}

    @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
    @Advice.AssignReturned.ToArguments(@Advice.AssignReturned.ToArguments.ToArgument(0))
    public static Runnable enter(@Advice.Argument(0) Runnable task) {
      return Hop.wrap(task);
    }
  }
}
