package io.sonde.instrumentation.apachehttpclient4;

import io.sonde.core.Weave;
import net.bytebuddy.asm.Advice;
import org.apache.http.concurrent.FutureCallback;
import org.apache.http.nio.protocol.HttpAsyncRequestProducer;
import org.apache.http.nio.protocol.HttpAsyncResponseConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Client spans for Apache HttpAsyncClient 4.0 and 4.1, and the caller's context in its callbacks.
 */
public final class ApacheHttpAsyncClient4 {
  private static final String FULL = "org.apache.http.impl.nio.client.InternalHttpAsyncClient";
  private static final String MINIMAL = "org.apache.http.impl.nio.client.MinimalHttpAsyncClient";
  private static final String OLD = "org.apache.http.impl.nio.client.AbstractHttpAsyncClient";
  private static final String EXECUTE =
      "execute(org.apache.http.nio.protocol.HttpAsyncRequestProducer,"
          + "org.apache.http.nio.protocol.HttpAsyncResponseConsumer,"
          + "org.apache.http.protocol.HttpContext,"
          + "org.apache.http.concurrent.FutureCallback)";

  private ApacheHttpAsyncClient4() {}

  /** The request. */
  @Weave(
      type = {FULL, MINIMAL, OLD},
      method = EXECUTE)
  public static final class Produce {
    private Produce() {}

    @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
    @Advice.AssignReturned.ToArguments(@Advice.AssignReturned.ToArguments.ToArgument(0))
    public static @Nullable HttpAsyncRequestProducer enter(
        @Advice.Argument(0) @Nullable HttpAsyncRequestProducer producer,
        @Advice.Argument(1) @Nullable HttpAsyncResponseConsumer<?> consumer,
        @Advice.Argument(3) @Nullable FutureCallback<?> callback) {
      Call call = Call.of(producer, consumer, callback);
      return call == null || producer == null ? producer : new Producer(call, producer);
    }
  }

  /** The response. */
  @Weave(
      type = {FULL, MINIMAL, OLD},
      method = EXECUTE)
  public static final class Consume {
    private Consume() {}

    @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
    @Advice.AssignReturned.ToArguments(@Advice.AssignReturned.ToArguments.ToArgument(1))
    public static @Nullable HttpAsyncResponseConsumer<?> enter(
        @Advice.Argument(0) @Nullable HttpAsyncRequestProducer producer,
        @Advice.Argument(1) @Nullable HttpAsyncResponseConsumer<?> consumer,
        @Advice.Argument(3) @Nullable FutureCallback<?> callback) {
      Call call = Call.of(producer, consumer, callback);
      return call == null || consumer == null ? consumer : new Consumer<>(call, consumer);
    }
  }

  /** How it went. */
  @Weave(
      type = {FULL, MINIMAL, OLD},
      method = EXECUTE)
  public static final class CallBack {
    private CallBack() {}

    @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
    @Advice.AssignReturned.ToArguments(@Advice.AssignReturned.ToArguments.ToArgument(3))
    public static @Nullable FutureCallback<?> enter(
        @Advice.Argument(0) @Nullable HttpAsyncRequestProducer producer,
        @Advice.Argument(1) @Nullable HttpAsyncResponseConsumer<?> consumer,
        @Advice.Argument(3) @Nullable FutureCallback<?> callback) {
      Call call = Call.of(producer, consumer, callback);
      return call == null ? callback : new Callback<>(call, callback);
    }
  }
}
