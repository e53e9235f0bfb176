package io.sonde.instrumentation.jdk.concurrent;

import io.sonde.core.Hop;
import io.sonde.core.Weave;
import net.bytebuddy.asm.Advice;
import org.jspecify.annotations.Nullable;

/**
 * Virtual threads begin with the context in which they are made, and may never change it: where
 * there is one, profilers hear of it when the thread runs.
 */
public final class VirtualThreads {
  private VirtualThreads() {}

  /** Whoever makes one: executors, factories, builders. */
  @Weave(
      type = "java.lang.ThreadBuilders",
      method =
          "newVirtualThread(java.util.concurrent.Executor,java.lang.String,int,java.lang.Runnable)",
      optional = true)
  public static final class Make {
    private Make() {}

    @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
    @Advice.AssignReturned.ToArguments(@Advice.AssignReturned.ToArguments.ToArgument(3))
    public static @Nullable Runnable enter(@Advice.Argument(3) @Nullable Runnable task) {
      Hop.makesVirtual(true);
      return task == null ? null : Hop.announcing(task);
    }

    @Advice.OnMethodExit(inline = false, onThrowable = Throwable.class, suppress = Throwable.class)
    public static void exit() {
      Hop.makesVirtual(false);
    }
  }
}
