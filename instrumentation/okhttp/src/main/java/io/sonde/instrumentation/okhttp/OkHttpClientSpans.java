package io.sonde.instrumentation.okhttp;

import io.sonde.core.Weave;
import java.util.List;
import net.bytebuddy.asm.Advice;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;

/**
 * Client spans for OkHttp 3 to 5, one a call as the application sees it: redirects and retries are
 * inside.
 */
@Weave(type = "okhttp3.OkHttpClient", method = "<init>(okhttp3.OkHttpClient$Builder)")
public final class OkHttpClientSpans {
  private OkHttpClientSpans() {}

  /** A client that is made from another one has the interceptor already. */
  @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
  public static void enter(@Advice.Argument(0) OkHttpClient.Builder builder) {
    List<Interceptor> interceptors = builder.interceptors();
    if (!interceptors.contains(CallSpan.INTERCEPTOR)) {
      interceptors.add(0, CallSpan.INTERCEPTOR);
    }
  }
}
