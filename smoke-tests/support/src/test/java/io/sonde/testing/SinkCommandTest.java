package io.sonde.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class SinkCommandTest {
  private static final Duration LONG = Duration.ofSeconds(30);

  private final HttpClient client = HttpClient.newHttpClient();

  @Test
  void one_settled_trace_of_each_look_is_printed() throws Exception {
    try (ForkedJvm sink = sink("--each=1", "--skip=1", "--kind=server")) {
      int port = sink.awaitPort(LONG);
      for (int trace = 1; trace <= 3; trace++) {
        post(port, trace);
      }
      sink.awaitLine(Pattern.compile("shop  server  GET /0"), LONG);

      String summary = get(port, "/summary");
      assertTrue(Pattern.compile("shop +server +GET /0 +3 ").matcher(summary).find(), summary);
      assertTrue(get(port, "/count").startsWith("{\"spans\":3,"));
      assertEquals(143, sink.stop(LONG));
      assertEquals(1, sink.stdout().stream().filter(line -> line.startsWith("trace ")).count());
    }
  }

  @Test
  void counting_prints_nothing() throws Exception {
    try (ForkedJvm sink = sink("count")) {
      int port = sink.awaitPort(LONG);
      post(port, 1);
      assertTrue(get(port, "/count").startsWith("{\"spans\":1,"));
      sink.stop(LONG);
      assertEquals(1, sink.stdout().size());
    }
  }

  @Test
  void option_that_is_none_is_named() {
    try (ForkedJvm sink = sink("--color")) {
      assertEquals(2, sink.awaitExit(LONG));
      assertTrue(sink.stderr().get(0).contains("what is --color?"));
    }
  }

  private static ForkedJvm sink(String... args) {
    return ForkedJvm.onCurrent()
        .classPathOfThisTest()
        .main(OtlpSink.class)
        .arg("0")
        .arg(args)
        .start();
  }

  private void post(int port, int trace) throws Exception {
    ExportTraceServiceRequest.Builder request = OtlpSinkTest.request(1).toBuilder();
    request
        .getResourceSpansBuilder(0)
        .getScopeSpansBuilder(0)
        .getSpansBuilder(0)
        .setTraceId(
            ByteString.copyFrom(
                new byte[] {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, (byte) trace}));
    HttpResponse<String> answer =
        client.send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/v1/traces"))
                .header("Content-Type", "application/x-protobuf")
                .POST(HttpRequest.BodyPublishers.ofByteArray(request.build().toByteArray()))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    assertEquals(200, answer.statusCode());
  }

  private String get(int port, String path) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + port + path);
    return client
        .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
        .body();
  }
}
