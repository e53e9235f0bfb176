package io.sonde.instrumentation.apachehttpclient5;

import io.sonde.core.Weave;
import net.bytebuddy.asm.Advice;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.nio.AsyncRequestProducer;
import org.apache.hc.core5.http.nio.AsyncResponseConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Client spans for the asynchronous client of Apache HttpClient 5, and the caller's context in its
 * callbacks.
 */
public final class ApacheHttpAsyncClient5 {
  private static final String FULL =
      "org.apache.hc.client5.http.impl.async.InternalAbstractHttpAsyncClient";
  private static final String MINIMAL =
      "org.apache.hc.client5.http.impl.async.AbstractMinimalHttpAsyncClientBase";
  private static final String EXECUTE =
      "doExecute(org.apache.hc.core5.http.HttpHost,"
          + "org.apache.hc.core5.http.nio.AsyncRequestProducer,"
          + "org.apache.hc.core5.http.nio.AsyncResponseConsumer,"
          + "org.apache.hc.core5.http.nio.HandlerFactory,"
          + "org.apache.hc.core5.http.protocol.HttpContext,"
          + "org.apache.hc.core5.concurrent.FutureCallback)";

  private ApacheHttpAsyncClient5() {}

  /** The request. */
  @Weave(
      type = {FULL, MINIMAL},
      method = EXECUTE)
  public static final class Produce {
    private Produce() {}

    @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
    @Advice.AssignReturned.ToArguments(@Advice.AssignReturned.ToArguments.ToArgument(1))
    public static @Nullable AsyncRequestProducer enter(
        @Advice.Argument(0) @Nullable HttpHost target,
        @Advice.Argument(1) @Nullable AsyncRequestProducer producer,
        @Advice.Argument(2) @Nullable AsyncResponseConsumer<?> consumer,
        @Advice.Argument(5) @Nullable FutureCallback<?> callback) {
      Call call = Call.of(target, producer, consumer, callback);
      return call == null || producer == null ? producer : new Producer(call, producer);
    }
  }

  /** The response. */
  @Weave(
      type = {FULL, MINIMAL},
      method = EXECUTE)
  public static final class Consume {
    private Consume() {}

    @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
    @Advice.AssignReturned.ToArguments(@Advice.AssignReturned.ToArguments.ToArgument(2))
    public static @Nullable AsyncResponseConsumer<?> enter(
        @Advice.Argument(0) @Nullable HttpHost target,
        @Advice.Argument(1) @Nullable AsyncRequestProducer producer,
        @Advice.Argument(2) @Nullable AsyncResponseConsumer<?> consumer,
        @Advice.Argument(5) @Nullable FutureCallback<?> callback) {
      Call call = Call.of(target, producer, consumer, callback);
      return call == null || consumer == null ? consumer : new Consumer<>(call, consumer);
    }
  }

  /** How it went. */
  @Weave(
      type = {FULL, MINIMAL},
      method = EXECUTE)
  public static final class CallBack {
    private CallBack() {}

    @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
    @Advice.AssignReturned.ToArguments(@Advice.AssignReturned.ToArguments.ToArgument(5))
    public static @Nullable FutureCallback<?> enter(
        @Advice.Argument(0) @Nullable HttpHost target,
        @Advice.Argument(1) @Nullable AsyncRequestProducer producer,
        @Advice.Argument(2) @Nullable AsyncResponseConsumer<?> consumer,
        @Advice.Argument(5) @Nullable FutureCallback<?> callback) {
      Call call = Call.of(target, producer, consumer, callback);
      return call == null ? callback : new Callback<>(call, callback);
    }
  }
}
