package io.sonde.instrumentation.okhttp;

import io.sonde.core.Weave;
import java.util.List;
import net.bytebuddy.asm.Advice;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;

/** Client spans for OkHttp 3 to 5, one for each request that is sent. */
@Weave(type = "okhttp3.OkHttpClient", method = "<init>(okhttp3.OkHttpClient$Builder)")
public final class OkHttpClientSpans {
  private OkHttpClientSpans() {}

  /** A client that is made from another one has the interceptors already. */
  @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
  public static void enter(@Advice.Argument(0) OkHttpClient.Builder builder) {
    List<Interceptor> calls = builder.interceptors();
    if (!calls.contains(CallSpan.INTERCEPTOR)) {
      calls.add(0, CallSpan.INTERCEPTOR);
    }
    List<Interceptor> attempts = builder.networkInterceptors();
    if (!attempts.contains(AttemptSpan.INTERCEPTOR)) {
      attempts.add(AttemptSpan.INTERCEPTOR);
    }
  }
}
