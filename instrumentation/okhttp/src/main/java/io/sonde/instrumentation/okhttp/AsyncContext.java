package io.sonde.instrumentation.okhttp;

import io.sonde.core.Attached;
import io.sonde.core.Hop;
import io.sonde.core.Span;
import io.sonde.core.Weave;
import net.bytebuddy.asm.Advice;
import org.jspecify.annotations.Nullable;

/**
 * Context of OkHttp's asynchronous calls, 3 to 5: taken where a call is enqueued, since a full
 * dispatcher starts it later from the thread of another call.
 */
public final class AsyncContext {
  private static final String OLD = "okhttp3.RealCall$AsyncCall";
  private static final String NEW = "okhttp3.internal.connection.RealCall$AsyncCall";
  static final Attached<Span> CONTEXT = new Attached<>();

  private AsyncContext() {}

  /** The call is enqueued. */
  @Weave(
      type = {OLD, NEW},
      method = {
        "<init>(okhttp3.RealCall,okhttp3.Callback)",
        "<init>(okhttp3.RealCall,okhttp3.Callback,boolean)",
        "<init>(okhttp3.internal.connection.RealCall,okhttp3.Callback)"
      })
  public static final class Enqueue {
    private Enqueue() {}

    @Advice.OnMethodExit(inline = false, suppress = Throwable.class)
    public static void exit(@Advice.This Object call) {
      Span span = Span.current();
      if (span != null) {
        CONTEXT.set(call, span);
      }
    }
  }

  /** The dispatcher's thread runs it, callback included. */
  @Weave(
      type = {OLD, NEW},
      method = {"execute()", "run()"})
  public static final class Run {
    private Run() {}

    @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
    public static @Nullable Object enter(@Advice.This Object call) {
      return Hop.into(CONTEXT.remove(call));
    }

    @Advice.OnMethodExit(inline = false, onThrowable = Throwable.class, suppress = Throwable.class)
    public static void exit(@Advice.Enter @Nullable Object before) {
      Hop.exit(before);
    }
  }
}
