package io.sonde.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.grpc.CallOptions;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.okhttp.OkHttpChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.sonde.testing.ReceivedSpan.Kind;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

class OtlpSinkTest {
  private static final Duration SOON = Duration.ofSeconds(5);

  private final HttpClient client = HttpClient.newHttpClient();

  @Test
  void http_request_is_decoded_with_resource_and_scope() throws Exception {
    try (OtlpSink sink = OtlpSink.http()) {
      assertEquals(200, post(sink, "/v1/traces", request(1).toByteArray(), false));

      ReceivedSpan span = sink.awaitSpans(1, SOON).get(0);
      assertEquals("shop", span.service());
      assertEquals("a.scope", span.scopeName());
      assertEquals("1.2", span.scopeVersion());
      assertEquals("000102030405060708090a0b0c0d0e0f", span.traceId());
      assertEquals("GET /0", span.name());
      assertEquals(Kind.SERVER, span.kind());
      assertEquals(200L, span.attribute("http.response.status_code"));
      assertEquals(List.of("a", "b"), span.attribute("list"));
      assertTrue(span.isRoot());
      assertEquals(5_000_000, span.durationNanos());
      assertEquals("/v1/traces", sink.requests().get(0).path());
      assertEquals("application/x-protobuf", sink.requests().get(0).header("Content-Type"));
    }
  }

  @Test
  void gzip_is_taken_apart() throws Exception {
    try (OtlpSink sink = OtlpSink.http()) {
      assertEquals(200, post(sink, "/v1/traces", gzip(request(3).toByteArray()), true));

      assertEquals(3, sink.awaitSpans(3, SOON).size());
      assertEquals(request(3).getSerializedSize(), sink.counts().bytes());
    }
  }

  @Test
  void grpc_request_is_decoded() throws Exception {
    try (OtlpSink sink = OtlpSink.grpc()) {
      ManagedChannel channel =
          OkHttpChannelBuilder.forAddress(
                  "127.0.0.1", sink.port(), InsecureChannelCredentials.create())
              .build();
      try {
        byte[] answer =
            ClientCalls.blockingUnaryCall(
                channel,
                method("opentelemetry.proto.collector.trace.v1.TraceService/Export"),
                CallOptions.DEFAULT.withDeadlineAfter(10, TimeUnit.SECONDS),
                request(2).toByteArray());
        assertEquals(0, answer.length);
      } finally {
        channel.shutdownNow();
      }
      assertEquals(2, sink.awaitSpans(2, SOON).size());
      assertEquals("grpc", sink.protocol());
    }
  }

  @Test
  void counting_counts_the_same_without_keeping() throws Exception {
    try (OtlpSink sink = OtlpSink.counting()) {
      post(sink, "/v1/traces", request(7).toByteArray(), false);
      post(sink, "/v1/traces", request(2).toByteArray(), false);
      post(sink, "/v1/metrics", new byte[0], false);

      assertEquals(9, sink.counts().spans());
      assertEquals(3, sink.counts().requests());
      assertTrue(sink.spans().isEmpty());
      HttpResponse<String> answer =
          client.send(
              HttpRequest.newBuilder(URI.create(sink.endpoint() + "/count")).build(),
              HttpResponse.BodyHandlers.ofString());
      assertEquals(sink.counts().json(), answer.body());
    }
  }

  @Test
  void what_is_not_otlp_is_refused() throws Exception {
    try (OtlpSink sink = OtlpSink.http()) {
      assertEquals(400, post(sink, "/v1/traces", new byte[] {1, 2, 3}, false));
      assertEquals(404, post(sink, "/elsewhere", new byte[0], false));
      assertTrue(sink.spans().isEmpty());
    }
  }

  @Test
  void await_that_fails_shows_what_arrived() throws Exception {
    try (OtlpSink sink = OtlpSink.http()) {
      post(sink, "/v1/traces", request(1).toByteArray(), false);
      AssertionError error =
          assertThrows(
              AssertionError.class,
              () -> sink.awaitSpans(span -> span.kind() == Kind.CLIENT, 1, Duration.ofMillis(100)));
      assertTrue(
          error.getMessage().startsWith("expected 1 matching spans, got 0 within 100 ms"),
          error.getMessage());
      assertTrue(error.getMessage().contains("GET /0"), error.getMessage());
    }
  }

  @Test
  void await_sees_what_arrives_later() throws Exception {
    try (OtlpSink sink = OtlpSink.http()) {
      Thread late =
          new Thread(
              () -> {
                try {
                  Thread.sleep(200);
                  post(sink, "/v1/traces", request(2).toByteArray(), false);
                } catch (IOException | InterruptedException e) {
                  throw new IllegalStateException(e);
                }
              });
      late.start();
      assertEquals(2, sink.awaitTrace(2, SOON).spans().size());
      late.join();
    }
  }

  private int post(OtlpSink sink, String path, byte[] body, boolean gzip)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(sink.endpoint() + path))
            .timeout(SOON)
            .header("Content-Type", "application/x-protobuf")
            .POST(HttpRequest.BodyPublishers.ofByteArray(body));
    if (gzip) {
      request.header("Content-Encoding", "gzip");
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString()).statusCode();
  }

  static ExportTraceServiceRequest request(int spans) {
    ScopeSpans.Builder scope =
        ScopeSpans.newBuilder()
            .setScope(InstrumentationScope.newBuilder().setName("a.scope").setVersion("1.2"));
    for (int i = 0; i < spans; i++) {
      scope.addSpans(
          Span.newBuilder()
              .setTraceId(ByteString.fromHex("000102030405060708090a0b0c0d0e0f"))
              .setSpanId(ByteString.copyFrom(new byte[] {1, 2, 3, 4, 5, 6, 7, (byte) i}))
              .setName("GET /" + i)
              .setKind(Span.SpanKind.SPAN_KIND_SERVER)
              .setStartTimeUnixNano(1_000_000_000L)
              .setEndTimeUnixNano(1_005_000_000L)
              .addAttributes(
                  attribute("http.response.status_code", AnyValue.newBuilder().setIntValue(200)))
              .addAttributes(
                  attribute(
                      "list",
                      AnyValue.newBuilder()
                          .setArrayValue(
                              io.opentelemetry.proto.common.v1.ArrayValue.newBuilder()
                                  .addValues(AnyValue.newBuilder().setStringValue("a"))
                                  .addValues(AnyValue.newBuilder().setStringValue("b"))))));
    }
    return ExportTraceServiceRequest.newBuilder()
        .addResourceSpans(
            ResourceSpans.newBuilder()
                .setResource(
                    Resource.newBuilder()
                        .addAttributes(
                            attribute(
                                "service.name", AnyValue.newBuilder().setStringValue("shop"))))
                .addScopeSpans(scope))
        .build();
  }

  private static KeyValue attribute(String key, AnyValue.Builder value) {
    return KeyValue.newBuilder().setKey(key).setValue(value).build();
  }

  private static byte[] gzip(byte[] bytes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    }
    return out.toByteArray();
  }

  private static MethodDescriptor<byte[], byte[]> method(String name) {
    MethodDescriptor.Marshaller<byte[]> bytes =
        new MethodDescriptor.Marshaller<>() {
          @Override
          public InputStream stream(byte[] value) {
            return new ByteArrayInputStream(value);
          }

          @Override
          public byte[] parse(InputStream stream) {
            try {
              return stream.readAllBytes();
            } catch (IOException e) {
              throw new IllegalStateException(e);
            }
          }
        };
    return MethodDescriptor.newBuilder(bytes, bytes)
        .setType(MethodDescriptor.MethodType.UNARY)
        .setFullMethodName(name)
        .build();
  }
}
