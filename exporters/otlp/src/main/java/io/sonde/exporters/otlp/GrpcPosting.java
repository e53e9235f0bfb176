package io.sonde.exporters.otlp;

import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.common.export.Compressor;
import io.opentelemetry.sdk.common.export.GrpcResponse;
import io.opentelemetry.sdk.common.export.GrpcSender;
import io.opentelemetry.sdk.common.export.GrpcSenderConfig;
import io.opentelemetry.sdk.common.export.MessageWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Collections;
import java.util.function.Consumer;
import okhttp3.Headers;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okio.Buffer;
import okio.BufferedSink;
import okio.BufferedSource;
import org.jspecify.annotations.Nullable;

/**
 * Calls a gRPC method with one message by OkHttp, on the thread that calls, as OpenTelemetry's
 * sender would; but that one hands on neither what a receiver says of coming again nor lets go of
 * its pauses when the JVM ends.
 */
final class GrpcPosting implements GrpcSender {
  private static final MediaType TYPE = MediaType.get("application/grpc");

  private static final int OK = 200;

  private final GrpcSenderConfig config;
  private final OkHttpCalls calls;

  GrpcPosting(GrpcSenderConfig config, Retries retries) {
    this.config = config;
    HttpUrl endpoint = HttpUrl.get(String.valueOf(config.getEndpoint()));
    HttpUrl url =
        endpoint
            .newBuilder()
            .encodedPath('/' + config.getFullMethodName())
            .encodedQuery(null)
            .build();
    OkHttpClient.Builder client =
        OkHttpCalls.client(
                url, config.getTimeout(), config.getSslContext(), config.getTrustManager())
            .protocols(
                url.isHttps()
                    ? Arrays.asList(Protocol.HTTP_2, Protocol.HTTP_1_1)
                    : Collections.singletonList(Protocol.H2_PRIOR_KNOWLEDGE));
    calls = new OkHttpCalls(url, client, config.getTimeout(), config.getHeadersSupplier(), retries);
  }

  @Override
  public void send(
      MessageWriter message, Consumer<GrpcResponse> answered, Consumer<Throwable> failed) {
    calls.make(request -> fill(request, message), this::answer, answered, failed);
  }

  private GrpcAnswer answer(Response response) throws IOException {
    if (response.code() != OK && response.header("grpc-status") == null) {
      // What comes with it is for people who look at it in a browser, and may have no end.
      return GrpcAnswer.ofHttp(response.code(), response.header("retry-after"));
    }
    BufferedSource source = response.body().source();
    if (source.request(config.getMaxResponseBodySize() + 1)) {
      throw new IOException("more than " + config.getMaxResponseBodySize() + " bytes answer");
    }
    byte[] body = source.getBuffer().readByteArray(); // What is left is gone with the trailers.
    // An answer without a message has its status in front.
    Headers status = response.header("grpc-status") == null ? trailers(response) : null;
    Headers from = status == null ? response.headers() : status;
    String code = from.get("grpc-status");
    return code == null
        ? GrpcAnswer.ofHttp(response.code(), response.header("retry-after"))
        : GrpcAnswer.of(code, from.get("grpc-message"), body, from.get("grpc-status-details-bin"));
  }

  private static @Nullable Headers trailers(Response response) {
    try {
      return response.trailers();
    } catch (IOException | IllegalStateException e) {
      return null; // Something on the way that knows none.
    }
  }

  private Request.Builder fill(Request.Builder request, MessageWriter message) throws IOException {
    request.addHeader("te", "trailers");
    Compressor compressor = config.getCompressor();
    if (compressor == null) {
      return request.post(new Frame(message, null));
    }
    request.addHeader("grpc-encoding", compressor.getEncoding());
    Buffer compressed = new Buffer();
    try (OutputStream to = compressor.compress(compressed.outputStream())) {
      message.writeMessage(to);
    }
    return request.post(new Frame(message, compressed));
  }

  @Override
  public CompletableResultCode shutdown() {
    calls.shutdown();
    return CompletableResultCode.ofSuccess();
  }

  /** A message with its length in front. */
  private static final class Frame extends RequestBody {
    private static final int HEAD = 5;

    private final MessageWriter message;
    private final @Nullable Buffer compressed;

    Frame(MessageWriter message, @Nullable Buffer compressed) {
      this.message = message;
      this.compressed = compressed;
    }

    @Override
    public MediaType contentType() {
      return TYPE;
    }

    @Override
    public long contentLength() {
      return HEAD + length();
    }

    private long length() {
      return compressed == null ? message.getContentLength() : compressed.size();
    }

    @Override
    public void writeTo(BufferedSink sink) throws IOException {
      sink.writeByte(compressed == null ? 0 : 1);
      sink.writeInt((int) length());
      if (compressed == null) {
        message.writeMessage(sink.outputStream());
      } else {
        sink.writeAll(compressed.copy()); // OkHttp may want it once more.
      }
    }
  }
}
