package io.sonde.exporters.prometheus.write;

import io.sonde.exporters.prometheus.Histograms;
import io.sonde.exporters.prometheus.PrometheusName;
import io.sonde.settings.Option;
import io.sonde.settings.Settings;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
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

  private Receiver(String url, @Nullable Version version, Receiver others) {
    this.url = url;
    this.version = version;
    headers = others.headers;
    labels = others.labels;
    histograms = others.histograms;
    timeoutMillis = others.timeoutMillis;
  }

  /** What all receivers have in common. */
  private Receiver(Settings settings) {
    url = "";
    version = null;
    headers = headers(settings);
    labels = labels(settings);
    histograms = Histograms.of(settings);
    timeoutMillis = Math.max(1, settings.millis(Option.SONDE_REMOTE_WRITE_TIMEOUT, 10_000));
  }

  /** The receivers that are configured, those left out whose address cannot be used. */
  public static List<Receiver> all(Settings settings) {
    List<String> urls = settings.list(Option.SONDE_REMOTE_WRITE_URL);
    List<Receiver> all = new ArrayList<>();
    if (urls.isEmpty()) {
      return all;
    }
    Receiver common = new Receiver(settings);
    List<@Nullable Version> versions = versions(settings, urls.size());
    for (int i = 0; i < urls.size(); i++) {
      if (isUsable(settings, urls.get(i))) {
        all.add(new Receiver(urls.get(i), versions.get(i), common));
      }
    }
    return all;
  }

  private static boolean isUsable(Settings settings, String url) {
    String lower = url.toLowerCase(Locale.ROOT);
    int host = lower.startsWith("https://") ? 8 : lower.startsWith("http://") ? 7 : 0;
    if (host == 0 || host == url.length() || !printable(url)) {
      settings.problem(
          Option.SONDE_REMOTE_WRITE_URL.name(),
          url.indexOf('@') < 0 ? url : "…" + url.substring(url.lastIndexOf('@')),
          "a URL such as http://localhost:9090/api/v1/write, so nothing is written");
      return false;
    }
    return true;
  }

  /** One for all receivers, or one for each. */
  private static List<@Nullable Version> versions(Settings settings, int receivers) {
    List<String> names = settings.list(Option.SONDE_REMOTE_WRITE_VERSION);
    if (names.size() != 1 && names.size() != receivers) {
      settings.problem(
          Option.SONDE_REMOTE_WRITE_VERSION.name(),
          String.join(",", names),
          "one version, or as many as there are URLs");
    }
    List<@Nullable Version> versions = new ArrayList<>();
    for (int i = 0; i < receivers; i++) {
      versions.add(names.isEmpty() ? null : version(settings, names.get(i % names.size())));
    }
    return versions;
  }

  private static @Nullable Version version(Settings settings, String version) {
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
