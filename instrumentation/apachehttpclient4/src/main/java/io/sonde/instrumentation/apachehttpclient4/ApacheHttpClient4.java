package io.sonde.instrumentation.apachehttpclient4;

import io.sonde.core.ClientSpan;
import io.sonde.core.Weave;
import net.bytebuddy.asm.Advice;
import org.apache.http.HttpHost;
import org.apache.http.HttpRequest;
import org.apache.http.HttpResponse;
import org.jspecify.annotations.Nullable;

/** Client spans for Apache HttpClient 4.0 to 4.5: one a call, with its redirects and retries. */
@Weave(
    type = {
      "org.apache.http.impl.client.InternalHttpClient",
      "org.apache.http.impl.client.MinimalHttpClient",
      "org.apache.http.impl.client.AbstractHttpClient"
    },
    method = {
      // before 4.3 there is no doExecute, from 4.3 on these classes inherit execute
      "doExecute(org.apache.http.HttpHost,org.apache.http.HttpRequest,"
          + "org.apache.http.protocol.HttpContext)",
      "execute(org.apache.http.HttpHost,org.apache.http.HttpRequest,"
          + "org.apache.http.protocol.HttpContext)"
    })
public final class ApacheHttpClient4 {
  private ApacheHttpClient4() {}

  @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
  public static @Nullable ClientSpan enter(
      @Advice.Argument(0) @Nullable HttpHost target,
      @Advice.Argument(1) @Nullable HttpRequest request) {
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
