package io.sonde.exporters.otlp;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import io.sonde.core.Delivery.Outcome;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Key;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
      assertTrue(
          export.said.get(0).startsWith("OTEL_EXPORTER_OTLP_CERTIFICATE='"), export.said.get(0));
      assertTrue(
          export.said.get(1).startsWith("OTEL_EXPORTER_OTLP_CLIENT_KEY or "), export.said.get(1));
      assertEquals(3, export.said.size(), () -> export.said.toString());
    }
  }

  /** A receiver that speaks TLS, and asks for the client's certificate or not. */
  private static final class Server implements AutoCloseable {
    private final WireMockServer server;

    Server(boolean askForClient) {
      WireMockConfiguration options =
          options()
              .httpDisabled(true)
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
      server.stubFor(any(anyUrl()).willReturn(aResponse().withStatus(status)));
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
