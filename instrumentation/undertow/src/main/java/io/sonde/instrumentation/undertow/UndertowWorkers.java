package io.sonde.instrumentation.undertow;

import io.sonde.core.Hop;
import io.sonde.core.Weave;
import net.bytebuddy.asm.Advice;

/**
 * Context in the worker threads of Undertow 2.
 *
 * <p>A class of its own, with nothing of Undertow: in an application server the loader of these
 * threads does not see it.
 */
public final class UndertowWorkers {
  private UndertowWorkers() {}

  /** A worker starts, perhaps inside a request, which is not its own. */
  @Weave(type = "org.jboss.threads.EnhancedQueueExecutor$ThreadBody", method = "run()")
  public static final class Start {
    private Start() {}

    @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
    public static void enter() {
      Hop.worker();
    }
  }
}
