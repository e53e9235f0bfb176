package io.sonde.instrumentation.jdk.httpclient;

import io.sonde.core.ClientSpan;
import io.sonde.core.HeaderSink;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One request from the call to the whole response.
 *
 * <p>Its span is not the context while the client works: what the client hands to its own threads
 * would take it along to callbacks of the application's, which belong to the caller.
 */
public final class Sending implements BiConsumer<HttpResponse<?>, Throwable> {
  private static final ThreadLocal<Sending> SENDING = new ThreadLocal<>();
  private static final Write WRITE = new Write();

  private final ClientSpan span;

  private Sending(ClientSpan span) {
    this.span = span;
  }

  static @Nullable Sending start(HttpRequest request) {
    ClientSpan span = ClientSpan.start(request.method());
    if (span == null) {
      return null;
    }
    Sending sending = new Sending(span);
    URI uri = request.uri();
    span.address(uri.getScheme(), uri.getHost(), uri.getPort());
    if (span.exported()) {
      span.url(uri.toString());
    }
    SENDING.set(sending);
    return sending;
  }

  /** What this thread is sending and has not copied yet. */
  static @Nullable Sending ofThread() {
    Sending sending = SENDING.get();
    if (sending != null) {
      SENDING.remove();
    }
    return sending;
  }

  Map<String, List<String>> injected(Map<String, List<String>> headers) {
    Map<String, List<String>> map = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    map.putAll(headers);
    span.inject(map, WRITE);
    return map;
  }

  void sent(@Nullable CompletableFuture<HttpResponse<?>> response, @Nullable Throwable thrown) {
    SENDING.remove();
    if (response != null) {
      var unused = response.whenComplete(this);
    } else {
      span.end(thrown);
    }
  }

  @Override
  public void accept(@Nullable HttpResponse<?> response, @Nullable Throwable thrown) {
    if (response != null) {
      span.status(response.statusCode());
      span.httpVersion(version(response.version()));
    }
    Throwable cause = thrown instanceof CompletionException ? thrown.getCause() : null;
    span.end(cause != null ? cause : thrown);
  }

  /** JDK 26 has a third one. */
  private static String version(HttpClient.Version version) {
    String name = version.name();
    return name.equals("HTTP_1_1") ? "1.1" : name.equals("HTTP_2") ? "2" : "3";
  }

  private static final class Write implements HeaderSink<Map<String, List<String>>> {
    Write() {}

    @Override
    public void set(Map<String, List<String>> headers, String name, String value) {
      headers.put(name, Collections.singletonList(value));
    }
  }
}
