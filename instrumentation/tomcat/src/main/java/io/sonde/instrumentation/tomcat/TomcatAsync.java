package io.sonde.instrumentation.tomcat;

import io.sonde.core.Hop;
import io.sonde.core.Weave;
import net.bytebuddy.asm.Advice;

/**
 * Context of {@code AsyncContext.start} on Tomcat 8.5 to 11, whose thread pool is not the JDK's in
 * newer ones.
 */
public final class TomcatAsync {
  private TomcatAsync() {}

  /** A task is handed over. */
  @Weave(type = "org.apache.catalina.core.AsyncContextImpl", method = "start(java.lang.Runnable)")
  public static final class Start {
    private Start() {}

    @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
    public static void enter(@Advice.Argument(0) Runnable task) {
      Hop.capture(task);
    }
  }

  /** A container thread runs it. */
  @Weave(
      type = "org.apache.catalina.core.AsyncContextImpl$RunnableWrapper",
      method = "run()",
      call = "java.lang.Runnable.run()")
  public static final class Run {
    private Run() {}

    /** Takes the place of the task's run. */
    public static void call(Runnable task) {
      Hop.run(task);
    }
  }
}
