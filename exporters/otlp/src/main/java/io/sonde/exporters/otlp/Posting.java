package io.sonde.exporters.otlp;

import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.common.export.Compressor;
import io.opentelemetry.sdk.common.export.HttpResponse;
import io.opentelemetry.sdk.common.export.HttpSender;
import io.opentelemetry.sdk.common.export.HttpSenderConfig;
import io.opentelemetry.sdk.common.export.MessageWriter;
import java.io.IOException;
import java.util.function.Consumer;
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
  private final @Nullable MediaType type;
  private final OkHttpCalls calls;

  Posting(HttpSenderConfig config, Retries retries) {
    this.config = config;
    type = MediaType.parse(config.getContentType());
    HttpUrl url = HttpUrl.get(String.valueOf(config.getEndpoint()));
    OkHttpClient.Builder client =
        OkHttpCalls.client(
            url, config.getTimeout(), config.getSslContext(), config.getTrustManager());
    calls = new OkHttpCalls(url, client, config.getTimeout(), config.getHeadersSupplier(), retries);
  }

  @Override
  public void send(
      MessageWriter message, Consumer<HttpResponse> answered, Consumer<Throwable> failed) {
    calls.make(request -> fill(request, message), Posting::answer, answered, failed);
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

  private Request.Builder fill(Request.Builder request, MessageWriter message) {
    Compressor compressor = config.getCompressor();
    if (compressor != null) {
      request.addHeader("Content-Encoding", compressor.getEncoding());
    }
    return request.post(new Body(message, compressor));
  }

  @Override
  public CompletableResultCode shutdown() {
    calls.shutdown();
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
