package io.sonde.exporters.prometheus.write;

import io.sonde.exporters.prometheus.Histograms;
import io.sonde.exporters.prometheus.PrometheusName;
import io.sonde.settings.Option;
import io.sonde.settings.Settings;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where metrics are written and how, from the SONDE_REMOTE_WRITE_* settings.
 *
 * <p>Read by the agent's start on the application's main thread: text only, nothing is resolved.
 */
public final class Receiver {
  final String url;

  /** The only version, or null where 2.0 is tried first. */
  final @Nullable Version version;

  final Map<String, String> headers;
  final Map<String, String> labels;
  final long timeoutMillis;
  final Histograms histograms;

  private Receiver(Settings settings, String url) {
    this.url = url;
    version = version(settings);
    headers = headers(settings);
    labels = labels(settings);
    histograms = Histograms.of(settings);
    timeoutMillis = Math.max(1, settings.millis(Option.SONDE_REMOTE_WRITE_TIMEOUT, 10_000));
  }

  /** The receiver, or null where none is configured, or its address cannot be used. */
  public static @Nullable Receiver of(Settings settings) {
    String url = settings.text(Option.SONDE_REMOTE_WRITE_URL);
    if (url == null) {
      return null;
    }
    String lower = url.toLowerCase(Locale.ROOT);
    int host = lower.startsWith("https://") ? 8 : lower.startsWith("http://") ? 7 : 0;
    if (host == 0 || host == url.length() || !printable(url)) {
      settings.problem(
          Option.SONDE_REMOTE_WRITE_URL.name(),
          url.indexOf('@') < 0 ? url : "…" + url.substring(url.lastIndexOf('@')),
          "a URL such as http://localhost:9090/api/v1/write, so nothing is written");
      return null;
    }
    return new Receiver(settings, url);
  }

  private static @Nullable Version version(Settings settings) {
    String version = String.valueOf(settings.text(Option.SONDE_REMOTE_WRITE_VERSION));
    switch (version) {
      case "1":
      case "1.0":
        return Version.ONE;
      case "2":
      case "2.0":
        return Version.TWO;
      case "auto":
        return null;
      default:
        settings.problem(Option.SONDE_REMOTE_WRITE_VERSION.name(), version, "auto, 1 or 2");
        return null;
    }
  }

  private static Map<String, String> headers(Settings settings) {
    Map<String, String> headers = new LinkedHashMap<>();
    String token = settings.text(Option.SONDE_REMOTE_WRITE_TOKEN);
    String user = settings.text(Option.SONDE_REMOTE_WRITE_USER);
    String password = settings.text(Option.SONDE_REMOTE_WRITE_PASSWORD);
    if (user != null) {
      headers.put("Authorization", basic(user, password == null ? "" : password));
    } else if (token != null) {
      put(settings, Option.SONDE_REMOTE_WRITE_TOKEN, headers, "Authorization", "Bearer " + token);
    }
    String tenant = settings.text(Option.SONDE_REMOTE_WRITE_TENANT);
    if (tenant != null) {
      put(settings, Option.SONDE_REMOTE_WRITE_TENANT, headers, "X-Scope-OrgID", tenant);
    }
    for (Map.Entry<String, String> header :
        settings.pairs(Option.SONDE_REMOTE_WRITE_HEADERS).entrySet()) {
      Option option = Option.SONDE_REMOTE_WRITE_HEADERS;
      put(settings, option, headers, header.getKey(), header.getValue());
    }
    return headers;
  }

  static String basic(String user, String password) {
    byte[] bytes = (user + ':' + password).getBytes(StandardCharsets.UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(bytes);
  }

  private static void put(
      Settings settings, Option option, Map<String, String> to, String name, String value) {
    if (printable(name) && name.indexOf(' ') < 0 && name.indexOf(':') < 0 && printable(value)) {
      to.put(name, value);
    } else {
      settings.problem(option.name(), "…", "ASCII without line breaks");
    }
  }

  private static Map<String, String> labels(Settings settings) {
    Map<String, String> labels = new LinkedHashMap<>();
    for (Map.Entry<String, String> label :
        settings.pairs(Option.SONDE_REMOTE_WRITE_LABELS).entrySet()) {
      String name = label.getKey();
      // Two underscores in front are for the server's own.
      if (PrometheusName.sanitized(name).equals(name) && !label.getValue().isEmpty()) {
        labels.put(name, label.getValue());
      } else {
        settings.problem(
            Option.SONDE_REMOTE_WRITE_LABELS.name(),
            name,
            "letters, digits and single _ in a label's name, and a value");
      }
    }
    return labels;
  }

  private static boolean printable(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) < ' ' || text.charAt(i) >= 0x7F) {
        return false;
      }
    }
    return !text.isEmpty();
  }

  /** The address without a user and without what follows the path, for messages. */
  @Override
  public String toString() {
    int start = url.indexOf("://") + 3;
    int query = url.indexOf('?');
    String shown = query < 0 ? url : url.substring(0, query);
    int at = shown.lastIndexOf('@');
    return at < start ? shown : shown.substring(0, start) + shown.substring(at + 1);
  }
}
