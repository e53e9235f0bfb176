package io.sonde.exporters.otlp;

import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.common.export.Compressor;
import io.opentelemetry.sdk.common.export.HttpResponse;
import io.opentelemetry.sdk.common.export.HttpSender;
import io.opentelemetry.sdk.common.export.HttpSenderConfig;
import io.opentelemetry.sdk.common.export.MessageWriter;
import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.X509TrustManager;
import okhttp3.Call;
import okhttp3.ConnectionSpec;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okio.BufferedSink;
import okio.BufferedSource;
import okio.Okio;
import org.jspecify.annotations.Nullable;

/**
 * Posts batches by OkHttp on the thread that calls, as OpenTelemetry's sender would, but follows no
 * redirect: that one follows twenty, and makes a GET of a POST on the way. For TLS and proxies.
 */
final class Posting implements HttpSender {
  private final HttpSenderConfig config;
  private final HttpUrl url;
  private final @Nullable MediaType type;
  private final OkHttpClient client;
  private final Retries retries;

  Posting(HttpSenderConfig config, Retries retries) {
    this.config = config;
    this.retries = retries;
    url = HttpUrl.get(String.valueOf(config.getEndpoint()));
    type = MediaType.parse(config.getContentType());
    Duration timeout = millis(config.getTimeout());
    OkHttpClient.Builder builder =
        new OkHttpClient.Builder()
            .connectTimeout(millis(config.getConnectTimeout()))
            .readTimeout(timeout)
            .writeTimeout(timeout)
            .followRedirects(false);
    SSLContext tls = config.getSslContext();
    X509TrustManager trusted = config.getTrustManager();
    if (!url.isHttps()) {
      builder.connectionSpecs(Collections.singletonList(ConnectionSpec.CLEARTEXT));
    } else if (tls != null && trusted != null) {
      builder.sslSocketFactory(tls.getSocketFactory(), trusted);
    }
    client = builder.build();
  }

  private static Duration millis(Duration time) {
    return Duration.ofMillis(Math.min(time.toMillis(), Integer.MAX_VALUE));
  }

  @Override
  public void send(
      MessageWriter message, Consumer<HttpResponse> answered, Consumer<Throwable> failed) {
    Answer answer;
    try {
      answer = retries.make(nanos -> exchange(message, nanos), config.getTimeout().toMillis());
    } catch (IOException e) {
      failed.accept(e);
      return;
    }
    answered.accept(answer);
  }

  private Answer exchange(MessageWriter message, long nanos) throws IOException {
    // An interrupt was for a wait that is over, and would break what it meets.
    Thread.interrupted();
    Call call = client.newCall(request(message));
    call.timeout().timeout(Math.max(1, nanos), TimeUnit.NANOSECONDS);
    try (Response response = call.execute()) {
      return answer(response);
    }
  }

  private static Answer answer(Response response) {
    BufferedSource source = response.body().source();
    try {
      source.request(Answer.MAX_BODY);
    } catch (IOException e) {
      // The head says whether the request was taken: a body that breaks off takes nothing back.
    }
    return new Answer(
        response.code(),
        response.message(),
        source.getBuffer().readByteArray(),
        response.header("Location"),
        response.header("Retry-After"));
  }

  private Request request(MessageWriter message) {
    Request.Builder request = new Request.Builder().url(url);
    Map<String, List<String>> headers = config.getHeadersSupplier().get();
    if (headers != null) {
      headers.forEach((name, values) -> values.forEach(value -> request.addHeader(name, value)));
    }
    Compressor compressor = config.getCompressor();
    if (compressor != null) {
      request.addHeader("Content-Encoding", compressor.getEncoding());
    }
    return request.post(new Body(message, compressor)).build();
  }

  @Override
  public CompletableResultCode shutdown() {
    client.dispatcher().cancelAll();
    client.connectionPool().evictAll();
    return CompletableResultCode.ofSuccess();
  }

  /** What is sent. */
  private final class Body extends RequestBody {
    private final MessageWriter message;
    private final @Nullable Compressor compressor;

    Body(MessageWriter message, @Nullable Compressor compressor) {
      this.message = message;
      this.compressor = compressor;
    }

    @Override
    public long contentLength() {
      return compressor == null ? message.getContentLength() : -1;
    }

    @Override
    public @Nullable MediaType contentType() {
      return type;
    }

    @Override
    public void writeTo(BufferedSink sink) throws IOException {
      if (compressor == null) {
        message.writeMessage(sink.outputStream());
        return;
      }
      BufferedSink compressed = Okio.buffer(Okio.sink(compressor.compress(sink.outputStream())));
      message.writeMessage(compressed.outputStream());
      compressed.close();
    }
  }
}
