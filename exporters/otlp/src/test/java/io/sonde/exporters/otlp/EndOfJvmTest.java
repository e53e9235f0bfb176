package io.sonde.exporters.otlp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.grpc.InsecureServerCredentials;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.okhttp.OkHttpServerBuilder;
import io.sonde.core.Delivery.Outcome;
import io.sonde.testing.GrpcMethod;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * What the JVM's end waits for where the receiver does not answer: never for as long as an export
 * may take, which is a minute here. All of them wait at the same time.
 */
final class EndOfJvmTest {
  private static final long PATIENCE_MILLIS = 30_000;

  private final List<ServerSocket> sockets = new ArrayList<>();
  private final List<Socket> connections = new ArrayList<>();
  private final List<Export> exports = new ArrayList<>();

  @AfterEach
  void close() throws IOException {
    for (Socket connection : connections) {
      connection.close();
    }
    for (ServerSocket socket : sockets) {
      socket.close();
    }
    exports.forEach(export -> export.exporter.stop());
  }

  @Test
  void receiverThatNeverAnswers_isNotWaitedFor() throws Exception {
    mute("http", "http/protobuf");
    mute("https", "http/protobuf"); // in the handshake
    mute("http", "grpc");
    mute("https", "grpc");
    deaf();
    flushAll();
    for (Export export : exports) {
      assertEquals("10 unsent", export.delivery.losses(), () -> export.said.toString());
    }
  }

  @Test
  void grpcReceiverThatIsOverloadedForEver_isNotWaitedFor() throws Exception {
    Server server = overloaded();
    try {
      ready("http://127.0.0.1:" + server.getPort(), "grpc");
      flushAll();
      Export export = exports.get(0);
      assertEquals(10, export.delivery.lost(), () -> export.said.toString());
      assertEquals(0, export.count(Outcome.EXPORTED));
    } finally {
      server.shutdownNow();
    }
  }

  /** An exporter with ten spans for whoever takes connections and does not read from them. */
  private void mute(String scheme, String protocol) throws IOException {
    ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    sockets.add(socket);
    ready(scheme + "://127.0.0.1:" + socket.getLocalPort(), protocol);
  }

  /** The same where nothing is heard of the connection either, since too many wait already. */
  private void deaf() throws IOException {
    ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    sockets.add(socket);
    for (int i = 0; i < 2; i++) {
      connections.add(new Socket(InetAddress.getLoopbackAddress(), socket.getLocalPort()));
    }
    ready("http://127.0.0.1:" + socket.getLocalPort(), "http/protobuf");
  }

  private void ready(String endpoint, String protocol) {
    Export export =
        Export.slow(
            "OTEL_EXPORTER_OTLP_ENDPOINT",
            endpoint,
            "OTEL_EXPORTER_OTLP_PROTOCOL",
            protocol,
            "OTEL_EXPORTER_OTLP_TIMEOUT",
            "60000");
    exports.add(export.spans(10));
  }

  private void flushAll() throws InterruptedException {
    List<Thread> hooks = new ArrayList<>();
    for (Export export : exports) {
      Thread hook = new Thread(export.exporter::flush, "hook");
      hook.setDaemon(true);
      hook.start();
      hooks.add(hook);
    }
    for (int i = 0; i < hooks.size(); i++) {
      hooks.get(i).join(PATIENCE_MILLIS);
      assertFalse(hooks.get(i).isAlive(), "still waiting: " + i);
    }
  }

  private static Server overloaded() throws IOException {
    String service = "opentelemetry.proto.collector.trace.v1.TraceService";
    return OkHttpServerBuilder.forPort(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            InsecureServerCredentials.create())
        .addService(
            ServerServiceDefinition.builder(service)
                .addMethod(GrpcMethod.unary(service, "Export"), (call, metadata) -> refuse(call))
                .build())
        .build()
        .start();
  }

  private static ServerCall.Listener<byte[]> refuse(ServerCall<byte[], byte[]> call) {
    call.close(Status.UNAVAILABLE.withDescription("later"), new Metadata());
    return new ServerCall.Listener<>() {};
  }
}
