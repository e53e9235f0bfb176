package io.sonde.exporters.otlp;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.TlsServerCredentials;
import io.grpc.okhttp.OkHttpServerBuilder;
import io.sonde.core.Delivery.Outcome;
import io.sonde.testing.GrpcMethod;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Key;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** TLS with an authority of one's own and with client certificates; all of them made by keytool. */
final class TlsTest {
  private static final String ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT";
  private static final String PASSWORD = "changeit";

  @TempDir static Path folder;

  @BeforeAll
  static void keys() throws Exception {
    for (String name : List.of("server", "client", "stranger")) {
      pair(name);
    }
    keytool(
        "-importcert",
        "-noprompt",
        "-alias",
        "client",
        "-file",
        "client.pem",
        "-keystore",
        "trusted.p12");
  }

  @Test
  void ownAuthority_spansArrive() {
    try (Server server = new Server(false);
        Export export = server.export("OTEL_EXPORTER_OTLP_CERTIFICATE", file("server.pem"))) {
      export.spans(3).await(Outcome.EXPORTED, 3);
      assertEquals(List.of(), export.said);
    }
  }

  @Test
  void unknownAuthority_isSaidAndCounted() {
    try (Server server = new Server(false);
        Export export = server.export("OTEL_EXPORTER_OTLP_CERTIFICATE", file("stranger.pem"))) {
      export.spans(3).await(Outcome.UNREACHABLE, 3);
      assertTrue(export.said.get(0).contains("TLS fails"), export.said.get(0));
    }
  }

  @Test
  void clientCertificate_spansArrive() {
    try (Server server = new Server(true);
        Export export =
            server.export(
                "OTEL_EXPORTER_OTLP_TRACES_CERTIFICATE", file("server.pem"),
                "OTEL_EXPORTER_OTLP_CLIENT_KEY", file("client.key"),
                "OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE", file("client.pem"))) {
      export.spans(3).await(Outcome.EXPORTED, 3);
    }
  }

  @Test
  void noClientCertificate_isSaidAndCounted() {
    try (Server server = new Server(true);
        Export export = server.export("OTEL_EXPORTER_OTLP_CERTIFICATE", file("server.pem"))) {
      export.spans(3).await(() -> export.delivery.lost() == 3, "a loss");
      export.awaitLines(1);
      assertEquals(1, export.said.size(), () -> export.said.toString());
    }
  }

  @Test
  void overloaded_jvmEnds_isNotWaitedFor() {
    try (Server server = new Server(false);
        Export export =
            Export.slow(
                ENDPOINT,
                server.url(),
                "OTEL_EXPORTER_OTLP_CERTIFICATE",
                file("server.pem"),
                "OTEL_EXPORTER_OTLP_TIMEOUT",
                "60000")) {
      server.answers(503);
      export.spans(2);
      export.exporter.flush();
      // On a slow machine the answer may come after the JVM has waited for long enough.
      export.await(() -> export.count(Outcome.UNAVAILABLE) == 2, "a loss");
    }
  }

  @Test
  void filesThatAreNotPem_areSaid_andTheRestGoesOn() throws Exception {
    Files.writeString(folder.resolve("garbage"), "garbage");
    try (Server server = new Server(false);
        Export export =
            server.export(
                "OTEL_EXPORTER_OTLP_CERTIFICATE", file("garbage"),
                "OTEL_EXPORTER_OTLP_CLIENT_KEY", file("garbage"),
                "OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE", file("client.pem"))) {
      export.spans(3).await(() -> export.delivery.lost() == 3, "a loss");
      export.awaitLines(3);
      assertTrue(
          export.said.get(0).startsWith("OTEL_EXPORTER_OTLP_CERTIFICATE='"), export.said.get(0));
      assertTrue(
          export.said.get(1).startsWith("OTEL_EXPORTER_OTLP_CLIENT_KEY or "), export.said.get(1));
      assertEquals(3, export.said.size(), () -> export.said.toString());
    }
  }

  @Test
  void grpc_clientCertificate_spansArrive() throws Exception {
    io.grpc.Server server = grpcServer();
    try (Export export =
        new Export(
            ENDPOINT,
            "https://localhost:" + server.getPort(),
            "OTEL_EXPORTER_OTLP_PROTOCOL",
            "grpc",
            "OTEL_EXPORTER_OTLP_CERTIFICATE",
            file("server.pem"),
            "OTEL_EXPORTER_OTLP_CLIENT_KEY",
            file("client.key"),
            "OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE",
            file("client.pem"))) {
      export.spans(3).await(Outcome.EXPORTED, 3);
      assertEquals(List.of(), export.said);
    } finally {
      server.shutdownNow();
    }
  }

  @Test
  void grpc_unknownAuthority_isSaidAndCounted() throws Exception {
    io.grpc.Server server = grpcServer();
    try (Export export =
        new Export(
            8192,
            512,
            100,
            ENDPOINT,
            "https://localhost:" + server.getPort(),
            "OTEL_EXPORTER_OTLP_PROTOCOL",
            "grpc",
            "OTEL_EXPORTER_OTLP_CERTIFICATE",
            file("stranger.pem"))) {
      export.spans(3).await(Outcome.UNREACHABLE, 3);
      assertTrue(export.said.get(0).contains("TLS fails"), export.said.get(0));
    } finally {
      server.shutdownNow();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void grpc_proxyInBetween_isUnderstood(boolean http2) {
    try (Server server = new Server(false, http2);
        Export export =
            server.export(
                "OTEL_EXPORTER_OTLP_PROTOCOL",
                "grpc",
                "OTEL_EXPORTER_OTLP_CERTIFICATE",
                file("server.pem"))) {
      server.answers(aResponse().withStatus(503).withBody(new byte[5 << 20]));
      export.spans(3).await(Outcome.UNAVAILABLE, 3);
      assertEquals(
          "it answers gRPC status UNAVAILABLE (HTTP status 503)", export.delivery.failure());
      server.answers(403);
      export.spans(2).await(Outcome.REFUSED, 2);
      assertEquals(
          "it answers gRPC status PERMISSION_DENIED (HTTP status 403)", export.delivery.failure());
    }
  }

  /** One of gRPC's own that wants to see the client's certificate, and takes everything. */
  private static io.grpc.Server grpcServer() throws Exception {
    String service = "opentelemetry.proto.collector.trace.v1.TraceService";
    return OkHttpServerBuilder.forPort(
            0,
            TlsServerCredentials.newBuilder()
                .keyManager(managers("server"))
                .trustManager(folder.resolve("client.pem").toFile())
                .clientAuth(TlsServerCredentials.ClientAuth.REQUIRE)
                .build())
        .addService(
            ServerServiceDefinition.builder(service)
                .addMethod(
                    GrpcMethod.unary(service, "Export"),
                    (call, headers) -> {
                      call.sendHeaders(new Metadata());
                      call.sendMessage(new byte[0]);
                      call.close(Status.OK, new Metadata());
                      return new ServerCall.Listener<>() {};
                    })
                .build())
        .build()
        .start();
  }

  private static KeyManager[] managers(String name) throws Exception {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(folder.resolve(name + ".p12"))) {
      keys.load(in, PASSWORD.toCharArray());
    }
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, PASSWORD.toCharArray());
    return managers.getKeyManagers();
  }

  /** A receiver that speaks TLS, and asks for the client's certificate or not. */
  private static final class Server implements AutoCloseable {
    private final WireMockServer server;

    Server(boolean askForClient) {
      this(askForClient, true);
    }

    Server(boolean askForClient, boolean http2) {
      WireMockConfiguration options =
          options()
              .httpDisabled(true)
              .http2TlsDisabled(!http2)
              .dynamicHttpsPort()
              .keystorePath(file("server.p12"))
              .keystoreType("PKCS12")
              .keystorePassword(PASSWORD)
              .keyManagerPassword(PASSWORD);
      if (askForClient) {
        options
            .needClientAuth(true)
            .trustStorePath(file("trusted.p12"))
            .trustStoreType("PKCS12")
            .trustStorePassword(PASSWORD);
      }
      server = new WireMockServer(options);
      server.start();
      answers(200);
    }

    void answers(int status) {
      answers(aResponse().withStatus(status));
    }

    void answers(ResponseDefinitionBuilder response) {
      server.stubFor(any(anyUrl()).willReturn(response));
    }

    String url() {
      return "https://localhost:" + server.httpsPort();
    }

    Export export(String... environment) {
      List<String> all = new ArrayList<>(List.of(environment));
      all.add(ENDPOINT);
      all.add(url());
      return new Export(8192, 512, 100, all.toArray(new String[0]));
    }

    @Override
    public void close() {
      server.stop();
    }
  }

  private static String file(String name) {
    return folder.resolve(name).toString();
  }

  /** NAME.p12, and NAME.pem and NAME.key out of it. */
  private static void pair(String name) throws Exception {
    String store = name + ".p12";
    keytool(
        "-genkeypair",
        "-alias",
        name,
        "-keyalg",
        "EC",
        "-dname",
        "CN=" + name,
        "-ext",
        "san=dns:localhost,ip:127.0.0.1",
        "-validity",
        "2",
        "-keystore",
        store);
    keytool("-exportcert", "-rfc", "-alias", name, "-file", name + ".pem", "-keystore", store);
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(folder.resolve(store))) {
      keys.load(in, PASSWORD.toCharArray());
    }
    Key key = keys.getKey(name, PASSWORD.toCharArray());
    Base64.Encoder encoder = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII));
    Files.writeString(
        folder.resolve(name + ".key"),
        "-----BEGIN PRIVATE KEY-----\n"
            + encoder.encodeToString(key.getEncoded())
            + "\n-----END PRIVATE KEY-----\n");
  }

  private static void keytool(String... arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of(arguments));
    command.addAll(List.of("-storetype", "PKCS12", "-storepass", PASSWORD));
    Process process =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), said);
  }
}
