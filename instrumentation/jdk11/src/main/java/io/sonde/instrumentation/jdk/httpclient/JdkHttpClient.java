package io.sonde.instrumentation.jdk.httpclient;

import io.sonde.core.Weave;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import net.bytebuddy.asm.Advice;
import org.jspecify.annotations.Nullable;

/** Client spans for java.net.http.HttpClient of JDK 11 to 28. */
public final class JdkHttpClient {
  private JdkHttpClient() {}

  /** A request is sent; what blocks and what does not both come here. */
  @Weave(
      type = "jdk.internal.net.http.HttpClientImpl",
      method =
          "sendAsync(java.net.http.HttpRequest,java.net.http.HttpResponse$BodyHandler,"
              + "java.net.http.HttpResponse$PushPromiseHandler,java.util.concurrent.Executor)")
  public static final class Send {
    private Send() {}

    @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
    public static @Nullable Sending enter(@Advice.Argument(0) @Nullable HttpRequest request) {
      return request == null ? null : Sending.start(request);
    }

    @Advice.OnMethodExit(inline = false, onThrowable = Throwable.class, suppress = Throwable.class)
    public static void exit(
        @Advice.Enter @Nullable Sending sending,
        @Advice.Return @Nullable CompletableFuture<HttpResponse<?>> response,
        @Advice.Thrown @Nullable Throwable thrown) {
      if (sending != null) {
        sending.sent(response, thrown);
      }
    }
  }

  /** The client copies the request, and takes the headers from here. */
  @Weave(
      type = "jdk.internal.net.http.HttpRequestImpl",
      method = "<init>(java.net.http.HttpRequest,java.net.ProxySelector)",
      call = "java.net.http.HttpHeaders.map()")
  public static final class Copy {
    private Copy() {}

    /** Takes the place of the look at the request's headers; the client copies and checks them. */
    public static Map<String, List<String>> call(HttpHeaders request) {
      Map<String, List<String>> headers = request.map();
      Sending sending = Sending.ofThread();
      if (sending == null) {
        return headers;
      }
      try {
        return sending.injected(headers);
      } catch (RuntimeException e) {
        return headers;
      }
    }
  }
}
