package io.sonde.libraries.servers;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * A key store with one key for localhost, by name alone, which is its own authority; made by
 * keytool once a JVM, in the old format that every JDK reads.
 */
public final class Keys {
  /** Of the store and the key. */
  public static final String PASSWORD = "changeit";

  private static final Path FILE = make();

  private Keys() {}

  /** The PKCS12 file. */
  public static Path file() {
    return FILE;
  }

  /** Trusts the key and nothing else. */
  public static SSLContext trust() {
    try (InputStream in = Files.newInputStream(FILE)) {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(in, PASSWORD.toCharArray());
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      KeyStore authorities = KeyStore.getInstance("PKCS12");
      authorities.load(null, null);
      authorities.setCertificateEntry("localhost", store.getCertificate("localhost"));
      trust.init(authorities);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context;
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A store for {@code javax.net.ssl.trustStore}. */
  public static Path trustStore() throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(FILE)) {
      store.load(in, PASSWORD.toCharArray());
    }
    KeyStore authorities = KeyStore.getInstance("JKS");
    authorities.load(null, null);
    authorities.setCertificateEntry("localhost", store.getCertificate("localhost"));
    Path file = FILE.resolveSibling("trust.jks");
    try (java.io.OutputStream out = Files.newOutputStream(file)) {
      authorities.store(out, PASSWORD.toCharArray());
    }
    return file;
  }

  private static Path make() {
    try {
      Path folder = Files.createTempDirectory(Files.createDirectories(Path.of("target")), "keys");
      Path file = folder.toAbsolutePath().resolve("localhost.p12");
      Process process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                  "-J-Dkeystore.pkcs12.legacy",
                  "-genkeypair",
                  "-alias",
                  "localhost",
                  "-keyalg",
                  "RSA",
                  "-dname",
                  "CN=localhost",
                  "-ext",
                  "san=dns:localhost",
                  "-validity",
                  "2",
                  "-keystore",
                  file.toString(),
                  "-storetype",
                  "PKCS12",
                  "-storepass",
                  PASSWORD)
              .redirectErrorStream(true)
              .start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertEquals(0, process.waitFor(), said);
      return file;
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
