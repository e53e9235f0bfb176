package io.sonde.exporters.otlp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.CodedOutputStream;
import io.grpc.InsecureServerCredentials;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.okhttp.OkHttpServerBuilder;
import io.sonde.core.Delivery;
import io.sonde.core.Delivery.Outcome;
import io.sonde.testing.GrpcMethod;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Receivers of gRPC's own server that say when to come again, by a google.rpc.RetryInfo in the
 * status's details; pauses are noted and not made. An export may take a minute, and a batch five.
 */
final class RetryInfoTest {
  private static final String SERVICE = "opentelemetry.proto.collector.trace.v1.TraceService";
  private static final String TYPE = "type.googleapis.com/google.rpc.RetryInfo";
  private static final Metadata.Key<byte[]> DETAILS =
      Metadata.Key.of("grpc-status-details-bin", Metadata.BINARY_BYTE_MARSHALLER);

  private final Delivery delivery = new Delivery();
  private final Pauses pauses = new Pauses();
  private final FiveSpans spans = new FiveSpans();
  private final Deque<Refusal> refusals = new ArrayDeque<>();
  private Server server;
  private byte[] answer = {};
  private int requests;

  /** What is answered once. */
  private static final class Refusal {
    final Status status;
    final Metadata trailers = new Metadata();

    Refusal(Status status, byte[] details) {
      this.status = status;
      if (details != null) {
        trailers.put(DETAILS, details);
      }
    }
  }

  private interface Part {
    void write(CodedOutputStream out) throws IOException;
  }

  @BeforeEach
  void start() throws IOException {
    server =
        OkHttpServerBuilder.forPort(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                InsecureServerCredentials.create())
            .addService(
                ServerServiceDefinition.builder(SERVICE)
                    .addMethod(GrpcMethod.unary(SERVICE, "Export"), (call, headers) -> answer(call))
                    .build())
            .build()
            .start();
  }

  @AfterEach
  void stop() {
    server.shutdownNow();
  }

  private ServerCall.Listener<byte[]> answer(ServerCall<byte[], byte[]> call) {
    call.request(2);
    return new ServerCall.Listener<>() {
      @Override
      public void onMessage(byte[] message) {
        synchronized (refusals) {
          requests++;
          Refusal refusal = refusals.poll();
          if (refusal != null) {
            call.close(refusal.status, refusal.trailers);
            return;
          }
        }
        call.sendHeaders(new Metadata());
        call.sendMessage(answer);
        call.close(Status.OK, new Metadata());
      }
    };
  }

  private void refuse(Status status, byte[] details, int times) {
    synchronized (refusals) {
      for (int i = 0; i < times; i++) {
        refusals.add(new Refusal(status, details));
      }
    }
  }

  private int requests() {
    synchronized (refusals) {
      return requests;
    }
  }

  private boolean deliver() {
    Target target =
        Objects.requireNonNull(
            Target.of(
                Export.settings(
                    "OTEL_EXPORTER_OTLP_ENDPOINT",
                    "http://127.0.0.1:" + server.getPort(),
                    "OTEL_EXPORTER_OTLP_PROTOCOL",
                    "grpc",
                    "OTEL_EXPORTER_OTLP_TIMEOUT",
                    "60000")));
    return spans.to(target, delivery, pauses).deliver();
  }

  private static byte[] message(Part... parts) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    try {
      for (Part part : parts) {
        part.write(out);
      }
      out.flush();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return bytes.toByteArray();
  }

  /** A google.rpc.Status with another detail and a RetryInfo. */
  private static byte[] retryInfo(long seconds, int nanos) {
    byte[] delay = message(out -> out.writeInt64(1, seconds), out -> out.writeInt32(2, nanos));
    return details(message(out -> out.writeByteArray(1, delay)));
  }

  private static byte[] details(byte[] retryInfo) {
    byte[] other = message(out -> out.writeString(1, "type.googleapis.com/google.rpc.Help"));
    byte[] any = message(out -> out.writeString(1, TYPE), out -> out.writeByteArray(2, retryInfo));
    return message(
        out -> out.writeInt32(1, 14),
        out -> out.writeString(2, "later"),
        out -> out.writeByteArray(3, other),
        out -> out.writeByteArray(3, any));
  }

  private static GrpcAnswer exhausted(byte[] details) {
    return GrpcAnswer.of("8", null, new byte[0], Base64.getEncoder().encodeToString(details));
  }

  @Test
  void withinTheTimeout_isPartOfOneExport() {
    refuse(Status.UNAVAILABLE, retryInfo(3, 0), 2);
    assertTrue(deliver());
    assertEquals(List.of(3 * Pauses.SECOND, 3 * Pauses.SECOND), pauses.made);
    assertEquals(3, requests());
    assertEquals(5, delivery.count(Outcome.EXPORTED));
    assertEquals(List.of(), spans.said);
  }

  @Test
  void beyondTheTimeout_isWaitedForToItsEnd() {
    refuse(Status.UNAVAILABLE, retryInfo(90, 0), 1);
    assertTrue(deliver());
    assertEquals(List.of(90 * Pauses.SECOND), pauses.made);
    assertEquals(2, requests());
    assertEquals(5, delivery.count(Outcome.EXPORTED));
  }

  @Test
  void exhausted_isTriedAgain_whereTheReceiverSaysWhen() {
    refuse(Status.RESOURCE_EXHAUSTED, retryInfo(0, 500_000_001), 1);
    assertTrue(deliver());
    assertEquals(List.of(501_000_000L), pauses.made);
    assertEquals(5, delivery.count(Outcome.EXPORTED));
  }

  @Test
  void exhausted_isRefused_whereItDoesNot() {
    refuse(Status.RESOURCE_EXHAUSTED.withDescription("zu groß"), null, 1);
    assertTrue(deliver());
    assertEquals(List.of(), pauses.made);
    assertEquals("5 refused", delivery.losses());
    assertEquals("it answers gRPC status RESOURCE_EXHAUSTED (zu groß)", delivery.failure());
  }

  /** An ExportTraceServiceResponse with a partial success. */
  @Test
  void partialSuccess_isCountedAndSaid() {
    byte[] partial = message(out -> out.writeInt64(1, 2), out -> out.writeString(2, "too old"));
    answer = message(out -> out.writeByteArray(1, partial));
    assertTrue(deliver());
    assertEquals(3, delivery.count(Outcome.EXPORTED));
    assertEquals("2 rejected", delivery.losses());
    assertTrue(
        spans.said.get(0).contains("rejected 2 spans of a request: too old"), spans.said.get(0));
  }

  @Test
  void jvmEnds_isNotWaitedFor() {
    refuse(Status.UNAVAILABLE, retryInfo(500, 0), 9);
    pauses.during = () -> spans.flushing = true;
    assertFalse(deliver());
    assertEquals(2, requests());
    assertEquals("5 unavailable", delivery.losses());
  }

  @Test
  void jvmEndsDuringAnAttempt_oneMoreIsMade() {
    refuse(Status.UNAVAILABLE, null, 9);
    spans.during = () -> spans.flushing = true;
    assertFalse(deliver());
    assertEquals(List.of(), pauses.made);
    assertEquals(2, requests());
    assertEquals("5 unavailable", delivery.losses());
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0, 0",
    "0, 1, 1",
    "2, 999999999, 3000",
    "600, 1, 600000",
    "9223372036854775807, 2147483647, 600000",
    "1, 2147483647, 2000",
    "-5, 0, 0",
    "5, -1, 0"
  })
  void delay_isBounded(long seconds, int nanos, long millis) {
    GrpcAnswer answer = exhausted(retryInfo(seconds, nanos));
    assertTrue(answer.passes());
    assertEquals(millis, answer.askedMillis());
  }

  @Test
  void retryInfoWithoutADelay_leavesTheTimeToUs() {
    assertTrue(exhausted(details(new byte[0])).passes());
    assertEquals(0, exhausted(details(new byte[0])).askedMillis());
  }

  @Test
  void severalValuesOfTheHeader_orNoneOfBase64_sayNothing() {
    for (String text : List.of("", "%%%", "AAAA,AAAA", "A", "=".repeat(99), "A".repeat(99_999))) {
      assertFalse(GrpcAnswer.of("8", null, new byte[0], text).passes(), text);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void detailsOfAnyForm_areReadOrLeftOut(long seed) {
    Random random = new Random(seed);
    byte[] good = retryInfo(7, 0);
    for (int i = 0; i < 10_000; i++) {
      byte[] bytes = good.clone();
      for (int n = random.nextInt(4); n >= 0; n--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      }
      long asked = exhausted(bytes).askedMillis();
      assertTrue(asked >= 0 && asked <= 600_000, () -> Base64.getEncoder().encodeToString(bytes));
    }
  }

  /** By gRPC's table of what the statuses of HTTP stand for. */
  @ParameterizedTest
  @CsvSource({
    "200, , UNKNOWN, false, 0",
    "302, 5, UNKNOWN, false, 0",
    "400, , INTERNAL, false, 0",
    "401, , UNAUTHENTICATED, false, 0",
    "403, , PERMISSION_DENIED, false, 0",
    "404, , UNIMPLEMENTED, false, 0",
    "429, 5, UNAVAILABLE, true, 5000",
    "502, , UNAVAILABLE, true, 0",
    "503, 5, UNAVAILABLE, true, 5000",
    "504, , UNAVAILABLE, true, 0"
  })
  void proxyThatSpeaksHttpAlone_isUnderstood(
      int status, String retryAfter, String code, boolean passes, long millis) {
    GrpcAnswer answer = GrpcAnswer.ofHttp(status, retryAfter);
    assertEquals(code, answer.getStatusCode().name());
    assertEquals(passes, answer.passes());
    assertEquals(millis, answer.askedMillis());
  }

  @Test
  void frames_areReadOrLeftOut() {
    byte[] frame = {0, 0, 0, 0, 2, 7, 8};
    assertEquals(2, GrpcAnswer.of("0", null, frame, null).getResponseMessage().length);
    for (byte[] broken :
        List.of(
            new byte[0],
            new byte[] {0, 0, 0},
            new byte[] {1, 0, 0, 0, 2, 7, 8},
            new byte[] {0, 0, 0, 0, 3, 7, 8},
            new byte[] {0, -1, -1, -1, -1, 7, 8})) {
      assertEquals(0, GrpcAnswer.of("0", null, broken, null).getResponseMessage().length);
    }
  }

  @ParameterizedTest
  @CsvSource({"99, UNKNOWN", "-1, UNKNOWN", "x, UNKNOWN", "7, PERMISSION_DENIED"})
  void statusOfAnyForm_isACode(String status, String code) {
    assertEquals(code, GrpcAnswer.of(status, "", new byte[0], null).getStatusCode().name());
  }

  @ParameterizedTest
  @CsvSource({"50%25 zu gro%C3%9F, 50% zu groß", "%, %", "%4, %4", "%zz%41, %zzA", "ä, ?"})
  void description_isUnescaped(String escaped, String text) {
    assertEquals(text, GrpcAnswer.of("3", escaped, new byte[0], null).getStatusDescription());
  }
}
