package io.sonde.exporters.otlp;

import io.grpc.InsecureServerCredentials;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.okhttp.OkHttpServerBuilder;
import io.sonde.testing.GrpcMethod;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Jaeger's jaeger.api_v2.SamplingManager with an answer that the test chooses. */
final class JaegerDouble implements AutoCloseable {
  final List<byte[]> requests = new CopyOnWriteArrayList<>();
  volatile byte[] answer;
  volatile Status status = Status.OK;
  private final Server server;

  JaegerDouble(byte[] answer) throws IOException {
    this.answer = answer;
    String service = "jaeger.api_v2.SamplingManager";
    server =
        OkHttpServerBuilder.forPort(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                InsecureServerCredentials.create())
            .addService(
                ServerServiceDefinition.builder(service)
                    .addMethod(
                        GrpcMethod.unary(service, "GetSamplingStrategy"),
                        (call, metadata) -> listen(call))
                    .build())
            .build()
            .start();
  }

  private ServerCall.Listener<byte[]> listen(ServerCall<byte[], byte[]> call) {
    call.request(2);
    return new ServerCall.Listener<>() {
      @Override
      public void onMessage(byte[] message) {
        requests.add(message);
        call.sendHeaders(new Metadata());
        if (status.isOk()) {
          call.sendMessage(answer);
        }
        call.close(status, new Metadata());
      }
    };
  }

  String endpoint() {
    return "http://127.0.0.1:" + server.getPort();
  }

  @Override
  public void close() {
    server.shutdownNow();
  }
}
