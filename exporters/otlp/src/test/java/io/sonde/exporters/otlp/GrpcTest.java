package io.sonde.exporters.otlp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.Attributes;
import io.grpc.Grpc;
import io.grpc.InsecureServerCredentials;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.okhttp.OkHttpServerBuilder;
import io.sonde.core.Delivery;
import io.sonde.core.Delivery.Outcome;
import io.sonde.core.Red;
import io.sonde.core.ServerSpan;
import io.sonde.testing.GrpcMethod;
import io.sonde.testing.OtlpSink;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** OTLP over gRPC, received by gRPC's own server. */
final class GrpcTest {
  private static final String ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT";
  private static final String PROTOCOL = "OTEL_EXPORTER_OTLP_PROTOCOL";
  private static final String SERVICE = "opentelemetry.proto.collector.trace.v1.TraceService";

  @ParameterizedTest
  @ValueSource(strings = {"none", "gzip"})
  void spans_arriveWithHeaders(String compression) {
    try (OtlpSink sink = OtlpSink.grpc();
        Export export =
            new Export(
                ENDPOINT,
                sink.endpoint(),
                PROTOCOL,
                "grpc",
                "OTEL_EXPORTER_OTLP_COMPRESSION",
                compression,
                "OTEL_EXPORTER_OTLP_HEADERS",
                "X-Tenant=a%20b")) {
      export.spans(20).await(Outcome.EXPORTED, 20);
      assertEquals(20, sink.counts().spans());
      assertEquals("a b", sink.requests().get(0).header("x-tenant"));
      assertEquals("Sonde-OTLP-Exporter-Java/1.2.3", sink.requests().get(0).header("user-agent"));
      assertEquals("shop", sink.spans().get(0).service());
    }
  }

  @Test
  void manySpans_noRequestIsTooLargeForAReceiver() {
    try (OtlpSink sink = OtlpSink.grpc();
        Export export =
            new Export(8192, 4096, 30_000, ENDPOINT, sink.endpoint(), PROTOCOL, "grpc")) {
      export.spans(4096, "x".repeat(700)).await(Outcome.EXPORTED, 4096);
      assertTrue(sink.requests().size() >= 3, sink.requests().size() + " requests");
      sink.requests().forEach(r -> assertTrue(r.bytes() < 2 << 20, r.bytes() + " bytes"));
    }
  }

  /** As behind a balancer that forgets connections: what goes through one of them gets lost. */
  @Test
  void connectionGoesDead_theNextAttemptMakesAnother() throws Exception {
    Set<Object> known = ConcurrentHashMap.newKeySet();
    Server server =
        OkHttpServerBuilder.forPort(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                InsecureServerCredentials.create())
            .addService(
                ServerServiceDefinition.builder(SERVICE)
                    .addMethod(
                        GrpcMethod.unary(SERVICE, "Export"),
                        (call, headers) -> {
                          Attributes of = call.getAttributes();
                          if (known.add(of.get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR))) {
                            call.sendHeaders(new Metadata());
                            call.sendMessage(new byte[0]);
                            call.close(Status.OK, new Metadata());
                          }
                          return new ServerCall.Listener<>() {};
                        })
                    .build())
            .build()
            .start();
    String endpoint = "http://127.0.0.1:" + server.getPort();
    try (Export export =
        new Export(ENDPOINT, endpoint, PROTOCOL, "grpc", "OTEL_EXPORTER_OTLP_TIMEOUT", "1000")) {
      export.spans(1).await(Outcome.EXPORTED, 1);
      export.spans(1).await(Outcome.EXPORTED, 2);
      assertTrue(known.size() > 1, known.size() + " connections");
    } finally {
      server.shutdownNow();
    }
  }

  /** It can neither be reached nor does it refuse; the JVM's end interrupts what waits. */
  @ParameterizedTest
  @ValueSource(strings = {"grpc", "http/protobuf"})
  void jvmEndsWhileItConnects_spansAreCounted(String protocol) throws Exception {
    List<Socket> waiting = new ArrayList<>();
    try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      fill(full, waiting);
      String endpoint =
          (protocol.equals("grpc") ? "http" : "https") + "://127.0.0.1:" + full.getLocalPort();
      try (Export export =
          new Export(
              8192,
              512,
              100,
              ENDPOINT,
              endpoint,
              PROTOCOL,
              protocol,
              "OTEL_EXPORTER_OTLP_TIMEOUT",
              "2000")) {
        export.spans(3);
        export.await(() -> connects(export.thread), "an attempt");
        export.exporter.flush();
        export.await(() -> export.delivery.lost() == 3, "a loss");
        assertEquals(
            List.of(), export.said.stream().filter(s -> s.contains("please report")).toList());
      }
    } finally {
      for (Socket socket : waiting) {
        socket.close();
      }
    }
  }

  /** Until nobody gets in any more. */
  private static void fill(ServerSocket server, List<Socket> waiting) throws IOException {
    for (int i = 0; i < 100; i++) {
      Socket socket = new Socket();
      waiting.add(socket);
      try {
        socket.connect(server.getLocalSocketAddress(), 200);
      } catch (SocketTimeoutException e) {
        return;
      }
    }
  }

  private static boolean connects(Thread thread) {
    for (StackTraceElement frame : thread.getStackTrace()) {
      if (frame.getMethodName().contains("Tcp")) {
        return true;
      }
    }
    return false;
  }

  @ParameterizedTest
  @CsvSource({"x-tenant=a, Sonde-OTLP-Exporter-Java/1.2.3", "user-agent=shop, shop"})
  void metrics_sayWhoSendsThem(String headers, String sender) throws Exception {
    try (OtlpSink sink = OtlpSink.grpc();
        Export export =
            Export.slow(
                ENDPOINT,
                sink.endpoint(),
                PROTOCOL,
                "grpc",
                "OTEL_EXPORTER_OTLP_HEADERS",
                headers)) {
      Red red = Red.start(10);
      Target target = Objects.requireNonNull(Target.ofMetrics(export.settings));
      Delivery delivery = new Delivery();
      MetricExporter exporter =
          new MetricExporter(
              target, red, red, 100, Temporality.CUMULATIVE, false, delivery, export);
      Thread thread = new Thread(exporter, "sonde-metrics");
      thread.setDaemon(true);
      thread.start();
      ServerSpan span = ServerSpan.start(Map.of(), (from, name) -> null, "GET");
      span.exit();
      span.end();
      export.await(() -> delivery.count(Outcome.EXPORTED) > 0, "an export");
      exporter.stop();
      thread.join(10_000);
      assertEquals(sender, sink.requests().get(0).header("user-agent"));
    }
  }

  @Test
  void httpReceiver_isNamedAsTheMistake() {
    try (OtlpSink sink = OtlpSink.http();
        Export export = new Export(8192, 512, 100, ENDPOINT, sink.endpoint(), PROTOCOL, "grpc")) {
      export.spans(1).await(() -> export.delivery.lost() == 1, "a loss");
      export.awaitLines(1);
      assertEquals(1, export.said.size());
    }
  }
}
