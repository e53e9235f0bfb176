package io.sonde.instrumentation.tomcat;

import io.sonde.core.Hop;
import io.sonde.core.Weave;
import net.bytebuddy.asm.Advice;

/** Context in the threads of Tomcat 8.5 to 11, whose pool is its own since 9.0.55. */
public final class TomcatAsync {
  private TomcatAsync() {}

  /** An asynchronous request hands a task to the connector's pool. */
  @Weave(type = "org.apache.catalina.core.AsyncContextImpl", method = "start(java.lang.Runnable)")
  public static final class Start {
    private Start() {}

    @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
    @Advice.AssignReturned.ToArguments(@Advice.AssignReturned.ToArguments.ToArgument(0))
    public static Runnable enter(@Advice.Argument(0) Runnable task) {
      return Hop.wrap(task);
    }
  }

  /** A worker starts, perhaps inside a request, which is not its own. */
  @Weave(
      type = "org.apache.tomcat.util.threads.ThreadPoolExecutor",
      method = "runWorker(org.apache.tomcat.util.threads.ThreadPoolExecutor$Worker)")
  public static final class Worker {
    private Worker() {}

    @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
    public static void enter() {
      Hop.worker();
    }
  }
}
