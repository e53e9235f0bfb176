package io.sonde.instrumentation.okhttp;

import io.sonde.core.HttpCall;
import io.sonde.core.Weave;
import net.bytebuddy.asm.Advice;
import okhttp3.Interceptor;
import okhttp3.Request;
import org.jspecify.annotations.Nullable;

/** A connection for each request of a call, from OkHttp 3.4 to 5: its span begins here. */
@Weave(
    type = "okhttp3.internal.connection.ConnectInterceptor",
    method = "intercept(okhttp3.Interceptor$Chain)")
public final class Connecting {
  private Connecting() {}

  @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
  public static void enter(@Advice.Argument(0) Interceptor.Chain chain) {
    HttpCall call = HttpCall.current();
    if (call != null) {
      Request request = chain.request();
      if (call.connecting(request.method())) {
        Requests.address(call.span(), request);
      }
    }
  }

  @Advice.OnMethodExit(inline = false, onThrowable = Throwable.class, suppress = Throwable.class)
  public static void exit(@Advice.Thrown @Nullable Throwable thrown) {
    HttpCall call = thrown == null ? null : HttpCall.current();
    if (call != null && thrown != null) {
      call.refused(thrown);
    }
  }
}
