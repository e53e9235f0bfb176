package io.sonde.instrumentation.apachehttpclient5;

import io.sonde.core.ClientSpan;
import io.sonde.core.Weave;
import net.bytebuddy.asm.Advice;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.HttpResponse;
import org.jspecify.annotations.Nullable;

/**
 * Client spans for the classic client of Apache HttpClient 5: one a call, with its redirects and
 * retries.
 */
@Weave(
    type = {
      "org.apache.hc.client5.http.impl.classic.InternalHttpClient",
      "org.apache.hc.client5.http.impl.classic.MinimalHttpClient"
    },
    method =
        "doExecute(org.apache.hc.core5.http.HttpHost,org.apache.hc.core5.http.ClassicHttpRequest,"
            + "org.apache.hc.core5.http.protocol.HttpContext)")
public final class ApacheHttpClient5 {
  private ApacheHttpClient5() {}

  @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
  public static @Nullable ClientSpan enter(
      @Advice.Argument(0) @Nullable HttpHost target,
      @Advice.Argument(1) @Nullable ClassicHttpRequest request) {
    ClientSpan span = request == null ? null : Requests.start(target, request);
    if (span != null) {
      span.enter();
    }
    return span;
  }

  @Advice.OnMethodExit(inline = false, onThrowable = Throwable.class, suppress = Throwable.class)
  public static void exit(
      @Advice.Enter @Nullable ClientSpan span,
      @Advice.Return @Nullable HttpResponse response,
      @Advice.Thrown @Nullable Throwable thrown) {
    if (span != null) {
      span.leave();
      if (response != null) {
        Requests.responded(span, response);
      }
      span.end(thrown);
    }
  }
}
