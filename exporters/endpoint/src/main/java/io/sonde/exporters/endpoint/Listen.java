package io.sonde.exporters.endpoint;

import io.sonde.settings.Option;
import io.sonde.settings.Settings;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Where the endpoint listens and to whom it answers, from the settings; text only. */
public final class Listen {
  final String host;
  final int port;

  /** The setting that chooses the port. */
  final String setting;

  private final @Nullable String authorization;
  private final @Nullable String certificate;
  private final @Nullable String key;

  Listen(
      String host,
      int port,
      String setting,
      @Nullable String authorization,
      @Nullable String certificate,
      @Nullable String key) {
    this.host = host;
    this.port = port;
    this.setting = setting;
    this.authorization = authorization;
    this.certificate = certificate;
    this.key = key;
  }

  /**
   * SONDE_HTTP_PORT where that is set, else the Prometheus exporter's port where {@code scraped},
   * else null.
   */
  public static @Nullable Listen of(Settings settings, boolean scraped) {
    boolean own = settings.isSet(Option.SONDE_HTTP_PORT);
    if (!own && !scraped) {
      return null;
    }
    Option option = own ? Option.SONDE_HTTP_PORT : Option.OTEL_EXPORTER_PROMETHEUS_PORT;
    int port = settings.count(option, 0, -1);
    if (port < 0 || port > 65535) {
      settings.problem(option.name(), String.valueOf(settings.text(option)), "a port");
      return null;
    }
    Option hostOption =
        settings.isSet(Option.SONDE_HTTP_HOST)
            ? Option.SONDE_HTTP_HOST
            : Option.OTEL_EXPORTER_PROMETHEUS_HOST;
    String certificate = file(settings, Option.SONDE_HTTP_CERTIFICATE);
    String key = file(settings, Option.SONDE_HTTP_KEY);
    boolean wanted =
        settings.isSet(Option.SONDE_HTTP_CERTIFICATE) || settings.isSet(Option.SONDE_HTTP_KEY);
    if (wanted && (certificate == null || key == null)) {
      settings.problem(
          Option.SONDE_HTTP_CERTIFICATE.name(),
          String.valueOf(settings.text(Option.SONDE_HTTP_CERTIFICATE)),
          "PEM files here and in SONDE_HTTP_KEY, so nothing listens");
      return null;
    }
    return new Listen(
        String.valueOf(settings.text(hostOption)),
        port,
        option.name(),
        authorization(settings),
        certificate,
        key);
  }

  private static @Nullable String file(Settings settings, Option option) {
    String path = settings.text(option);
    return path != null && new File(path).isFile() ? path : null;
  }

  private static @Nullable String authorization(Settings settings) {
    String user = settings.text(Option.SONDE_HTTP_USER);
    String password = settings.text(Option.SONDE_HTTP_PASSWORD);
    return user == null && password == null
        ? null
        : basic((user == null ? "" : user) + ':' + (password == null ? "" : password));
  }

  static String basic(String userAndPassword) {
    return "Basic "
        + Base64.getEncoder().encodeToString(userAndPassword.getBytes(StandardCharsets.UTF_8));
  }

  /** What encrypts, or null where nothing is encrypted. */
  @Nullable Tls tls() throws IOException, GeneralSecurityException {
    return certificate == null || key == null ? null : new Tls(certificate, key);
  }

  /** Whether the request has the user and password that are wanted, if any are. */
  boolean allows(Request request) {
    String given = request.header("authorization");
    return authorization == null || given != null && Endpoint.same(authorization, given);
  }

  /** Whether there is a password, and not a user's name alone. */
  boolean asksForPassword() {
    if (authorization == null) {
      return false;
    }
    byte[] pair = Base64.getDecoder().decode(authorization.substring("Basic ".length()));
    String text = new String(pair, StandardCharsets.UTF_8);
    return text.indexOf(':') < text.length() - 1;
  }

  /** Where, for messages. */
  @Override
  public String toString() {
    return host + ':' + port;
  }
}
