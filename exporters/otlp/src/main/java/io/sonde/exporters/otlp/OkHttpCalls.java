package io.sonde.exporters.otlp;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.X509TrustManager;
import okhttp3.Call;
import okhttp3.ConnectionSpec;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * Makes calls to one URL by OkHttp, on the thread that calls and in several attempts if need be.
 */
final class OkHttpCalls {
  private final HttpUrl url;
  private final OkHttpClient client;
  private final long timeoutMillis;
  private final Supplier<Map<String, List<String>>> headers;
  private final Retries retries;

  /** What a request has beside its URL and the headers that are configured. */
  interface Filling {
    Request.Builder fill(Request.Builder request) throws IOException;
  }

  /** What a response says. */
  interface Reading<R extends Reply> {
    R read(Response response) throws IOException;
  }

  OkHttpCalls(
      HttpUrl url,
      OkHttpClient.Builder client,
      Duration timeout,
      Supplier<Map<String, List<String>>> headers,
      Retries retries) {
    this.url = url;
    this.client = client.build();
    timeoutMillis = timeout.toMillis();
    this.headers = headers;
    this.retries = retries;
  }

  /** A client for {@code url} alone, with the JVM's own trust where no other is given. */
  static OkHttpClient.Builder client(
      HttpUrl url, Duration timeout, @Nullable SSLContext tls, @Nullable X509TrustManager trusted) {
    Duration whole = millis(timeout.toMillis());
    OkHttpClient.Builder builder =
        new OkHttpClient.Builder()
            // The other way it connects on threads of its own, and waits where an interrupt ends
            // it. One address comes after the other then: where the first one is silent, the
            // second one has the other half of the time.
            .fastFallback(false)
            .connectTimeout(millis(timeout.toMillis() / 2))
            .readTimeout(whole)
            .writeTimeout(whole)
            .followRedirects(false);
    if (!url.isHttps()) {
      builder.connectionSpecs(Collections.singletonList(ConnectionSpec.CLEARTEXT));
    } else if (tls != null && trusted != null) {
      builder.sslSocketFactory(tls.getSocketFactory(), trusted);
    }
    return builder;
  }

  /** As OkHttp takes it, for which nothing is no limit. */
  private static Duration millis(long millis) {
    return Duration.ofMillis(Math.max(1, Math.min(millis, Integer.MAX_VALUE)));
  }

  /** Makes a call and hands on what came back, or what kept it from that. */
  <R extends Reply> void make(
      Filling request,
      Reading<R> response,
      Consumer<? super R> answered,
      Consumer<Throwable> failed) {
    R answer;
    try {
      answer = retries.make(nanos -> exchange(request, response, nanos), timeoutMillis);
    } catch (IOException e) {
      failed.accept(e);
      return;
    }
    answered.accept(answer);
  }

  private <R extends Reply> R exchange(Filling filling, Reading<R> reading, long nanos)
      throws IOException {
    // An interrupt was for a wait that is over, and would break what it meets.
    Thread.interrupted();
    Call call = client.newCall(filling.fill(request()).build());
    call.timeout().timeout(Math.max(1, nanos), TimeUnit.NANOSECONDS);
    try (Response response = call.execute()) {
      return reading.read(response);
    } catch (Exception e) {
      // Over HTTP/2 a call that is given up would leave the connection to the next one, though
      // nothing may come through any more.
      client.connectionPool().evictAll();
      throw failure(e);
    }
  }

  private Request.Builder request() {
    Request.Builder request = new Request.Builder().url(url);
    Map<String, List<String>> configured = headers.get();
    if (configured != null) {
      configured.forEach((name, values) -> values.forEach(value -> request.addHeader(name, value)));
    }
    return request;
  }

  /** OkHttp's methods declare none but these, and may still be interrupted. */
  private static IOException failure(Exception thrown) {
    if (thrown instanceof IOException) {
      return (IOException) thrown;
    }
    if (thrown instanceof RuntimeException) {
      throw (RuntimeException) thrown;
    }
    IOException interrupted = new InterruptedIOException("interrupted");
    interrupted.initCause(thrown);
    return interrupted;
  }

  /** Breaks off what is under way, and keeps no connection. */
  void shutdown() {
    client.dispatcher().cancelAll();
    client.connectionPool().evictAll();
  }
}
