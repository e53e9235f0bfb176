package io.sonde.testing;

import io.grpc.InsecureServerCredentials;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.okhttp.OkHttpServerBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** OTLP over gRPC. */
final class GrpcReceiver implements OtlpSink.Receiver {
  private static final String PACKAGE = "opentelemetry.proto.collector.";

  private final Server server;
  private final SpanStore store;

  GrpcReceiver(int port, SpanStore store) {
    this.store = store;
    this.server =
        OkHttpServerBuilder.forPort(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                InsecureServerCredentials.create())
            .addService(service("trace.v1.TraceService", "/v1/traces"))
            .addService(service("metrics.v1.MetricsService", "/v1/metrics"))
            .addService(service("logs.v1.LogsService", "/v1/logs"))
            .addService(
                service("profiles.v1development.ProfilesService", "/v1development/profiles"))
            .maxInboundMessageSize(64 << 20)
            .build();
    try {
      server.start();
    } catch (IOException e) {
      throw new IllegalStateException("cannot listen on port " + port + ": " + e.getMessage(), e);
    }
  }

  @Override
  public int port() {
    return server.getPort();
  }

  @Override
  public void close() {
    server.shutdownNow();
    try {
      server.awaitTermination(5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private ServerServiceDefinition service(String name, String path) {
    String service = PACKAGE + name;
    return ServerServiceDefinition.builder(service)
        .addMethod(GrpcMethod.unary(service, "Export"), new Export(path))
        .build();
  }

  private final class Export implements ServerCallHandler<byte[], byte[]> {
    private final String path;

    Export(String path) {
      this.path = path;
    }

    @Override
    public ServerCall.Listener<byte[]> startCall(
        ServerCall<byte[], byte[]> call, Metadata metadata) {
      call.request(2);
      return new ServerCall.Listener<>() {
        @Override
        public void onMessage(byte[] message) {
          try {
            store.accept(path, headers(metadata), message);
          } catch (IOException e) {
            call.close(Status.INVALID_ARGUMENT.withDescription(e.getMessage()), new Metadata());
            return;
          }
          call.sendHeaders(new Metadata());
          call.sendMessage(new byte[0]);
          call.close(Status.OK, new Metadata());
        }
      };
    }
  }

  private static Map<String, String> headers(Metadata metadata) {
    Map<String, String> map = new TreeMap<>();
    for (String key : metadata.keys()) {
      if (!key.endsWith(Metadata.BINARY_HEADER_SUFFIX)) {
        String value = metadata.get(Metadata.Key.of(key, Metadata.ASCII_STRING_MARSHALLER));
        map.put(key, String.valueOf(value));
      }
    }
    return map;
  }
}
