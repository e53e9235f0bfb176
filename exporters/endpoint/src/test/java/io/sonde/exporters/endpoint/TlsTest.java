package io.sonde.exporters.endpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TlsTest {
  private static final char[] PASSWORD = "changeit".toCharArray();

  /** Of the time for a request, in milliseconds, where its end is waited for. */
  private static final long BRIEF = 1000;

  @TempDir Path folder;

  private KeyStore pair(String algorithm) throws Exception {
    Path store = folder.resolve(algorithm + ".p12");
    Process keytool =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                    "-genkeypair",
                    "-alias",
                    "a",
                    "-keyalg",
                    algorithm,
                    "-dname",
                    "CN=localhost",
                    "-ext",
                    "san=dns:localhost",
                    "-storetype",
                    "PKCS12",
                    "-storepass",
                    "changeit",
                    "-keystore",
                    store.toString()))
            .inheritIO()
            .start();
    assertEquals(0, keytool.waitFor());
    return KeyStore.getInstance(store.toFile(), PASSWORD);
  }

  private Path pem(String name, String what, byte[] content) throws Exception {
    String text =
        "-----BEGIN "
            + what
            + "-----\n"
            + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content)
            + "\n-----END "
            + what
            + "-----\n";
    return Files.writeString(folder.resolve(name), text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"RSA", "EC"})
  void certificateAndKey_fromPemFiles(String algorithm) throws Exception {
    KeyStore store = pair(algorithm);
    Path certificate = pem("cert.pem", "CERTIFICATE", store.getCertificate("a").getEncoded());
    Path key = pem("key.pem", "PRIVATE KEY", store.getKey("a", PASSWORD).getEncoded());
    List<String> said = new ArrayList<>();
    Endpoint endpoint =
        new Endpoint(
            new Listen("localhost", 0, "", null, certificate.toString(), key.toString()),
            said::add);
    endpoint.page("/ok", (request, response) -> response.text(200, "fine"));
    Thread thread = new Thread(endpoint);
    thread.start();
    try {
      for (int i = 0; i < 3000 && endpoint.port() == 0 && thread.isAlive(); i++) {
        Thread.sleep(10);
      }
      assertEquals(List.of(), said);
      HttpsURLConnection call =
          (HttpsURLConnection)
              URI.create("https://localhost:" + endpoint.port() + "/ok").toURL().openConnection();
      call.setSSLSocketFactory(trusting(store).getSocketFactory());
      try (InputStream in = call.getInputStream()) {
        assertEquals("fine\n", new String(in.readAllBytes(), StandardCharsets.UTF_8));
      }
    } finally {
      endpoint.close();
      thread.join(30_000);
    }
  }

  /** Neither is a good-bye waited for, nor does the endpoint stop for others. */
  @Test
  void clientThatDoesNotRead_isCutOff() throws Exception {
    KeyStore store = pair("EC");
    Path certificate = pem("cert.pem", "CERTIFICATE", store.getCertificate("a").getEncoded());
    Path key = pem("key.pem", "PRIVATE KEY", store.getKey("a", PASSWORD).getEncoded());
    Endpoint endpoint =
        new Endpoint(
            new Listen("localhost", 0, "", null, certificate.toString(), key.toString()),
            line -> {},
            BRIEF);
    endpoint.page("/ok", (request, response) -> response.text(200, "fine"));
    CountDownLatch cutOff = new CountDownLatch(1);
    endpoint.page(
        "/large",
        (request, response) -> {
          try (OutputStream out = response.begin("text/plain")) {
            for (int i = 0; i < 1000; i++) {
              out.write(new byte[1 << 16]);
            }
          } finally {
            cutOff.countDown();
          }
        });
    Thread thread = new Thread(endpoint);
    thread.start();
    try {
      for (int i = 0; i < 3000 && endpoint.port() == 0 && thread.isAlive(); i++) {
        Thread.sleep(10);
      }
      SSLSocketFactory sockets = trusting(store).getSocketFactory();
      try (Socket deaf = sockets.createSocket("localhost", endpoint.port())) {
        deaf.getOutputStream().write(ask("/large"));
        assertTrue(cutOff.await(60, TimeUnit.SECONDS), "the client is cut off");
        String answer = askBriefly(sockets, endpoint.port());
        assertTrue(answer.startsWith("HTTP/1.1 200 "), answer);
      }
    } finally {
      endpoint.close();
      thread.join(30_000);
    }
    assertTrue(!thread.isAlive(), "the endpoint's thread has ended");
  }

  /** A few times where the handshake alone takes so long, as it may on a busy machine. */
  private static String askBriefly(SSLSocketFactory sockets, int port) throws IOException {
    for (int tries = 1; ; tries++) {
      long begin = System.nanoTime();
      try (Socket socket = sockets.createSocket("localhost", port)) {
        socket.setSoTimeout(10_000);
        socket.getOutputStream().write(ask("/ok"));
        byte[] answer = socket.getInputStream().readAllBytes();
        if (answer.length == 0) {
          throw new EOFException("no answer");
        }
        return new String(answer, StandardCharsets.UTF_8);
      } catch (IOException e) {
        if (tries == 5 || System.nanoTime() - begin < BRIEF * 1_000_000) {
          throw e;
        }
      }
    }
  }

  private static byte[] ask(String path) {
    return ("GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n").getBytes(StandardCharsets.UTF_8);
  }

  private static SSLContext trusting(KeyStore store) throws Exception {
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("a", store.getCertificate("a"));
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }

  @Test
  void keyThatIsNone_isOneLine() throws Exception {
    KeyStore store = pair("EC");
    Path certificate = pem("cert.pem", "CERTIFICATE", store.getCertificate("a").getEncoded());
    Path key = pem("key.pem", "RSA PRIVATE KEY", store.getKey("a", PASSWORD).getEncoded());
    List<String> said = new ArrayList<>();
    new Endpoint(
            new Listen("localhost", 0, "", null, certificate.toString(), key.toString()), said::add)
        .run();
    assertEquals(1, said.size(), said::toString);
    assertTrue(said.get(0).contains("openssl pkcs8"), said::toString);
  }
}
