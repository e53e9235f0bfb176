package io.sonde.instrumentation.jdk.concurrent;

import io.sonde.core.Hop;
import io.sonde.core.Weave;
import net.bytebuddy.asm.Advice;

/**
 * Context into threads, platform and virtual, and so into executors and task scopes that start one
 * for each task: taken at the start, looked at by the thread when it first asks.
 */
@Weave(
    type = "java.lang.Thread",
    method = {"start()", "start(jdk.internal.vm.ThreadContainer)"})
@Weave(type = "java.lang.VirtualThread", method = "start(jdk.internal.vm.ThreadContainer)")
public final class Threads {
  private Threads() {}

  @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
  public static void enter(@Advice.This Thread thread) {
    Hop.captureThread(thread);
  }
}
