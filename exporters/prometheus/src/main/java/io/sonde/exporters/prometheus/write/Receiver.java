package io.sonde.exporters.prometheus.write;

import io.sonde.exporters.prometheus.Histograms;
import io.sonde.exporters.prometheus.PrometheusName;
import io.sonde.settings.Option;
import io.sonde.settings.Settings;
import java.util.ArrayList;
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

  private Receiver(
      String url, @Nullable Version version, Settings settings, Access access, Settings own) {
    this.url = url;
    this.version = version;
    headers = access.headers(own);
    Option labels = Option.SONDE_REMOTE_WRITE_LABELS;
    this.labels = labels(own.isSet(labels) ? own : settings);
    histograms = Histograms.of(settings);
    Option timeout = Option.SONDE_REMOTE_WRITE_TIMEOUT;
    timeoutMillis = Math.max(1, (own.isSet(timeout) ? own : settings).millis(timeout, 10_000));
  }

  /** The receivers that are configured, those left out whose address cannot be used. */
  public static List<Receiver> all(Settings settings) {
    List<String> urls = settings.list(Option.SONDE_REMOTE_WRITE_URL);
    List<Receiver> all = new ArrayList<>();
    if (urls.isEmpty()) {
      return all;
    }
    List<@Nullable Version> versions = versions(settings, urls.size());
    Access access = new Access(settings, urls);
    for (int i = 0; i < urls.size(); i++) {
      if (isUsable(settings, urls.get(i))) {
        Settings own = settings.numbered(i + 1);
        all.add(new Receiver(urls.get(i), versions.get(i), settings, access, own));
      }
    }
    return all;
  }

  private static boolean isUsable(Settings settings, String url) {
    String lower = url.toLowerCase(Locale.ROOT);
    int host = lower.startsWith("https://") ? 8 : lower.startsWith("http://") ? 7 : 0;
    String usable = "a URL such as http://localhost:9090/api/v1/write, so nothing is written";
    if (host == 0 || host == url.length() || !Access.printable(url)) {
      settings.problem(
          Option.SONDE_REMOTE_WRITE_URL.name(),
          url.indexOf('@') < 0 ? url : "…" + url.substring(url.lastIndexOf('@')),
          usable);
      return false;
    }
    if (!portIsNumber(Access.server(url))) {
      // Perhaps it is the half of a password.
      settings.problem(
          Option.SONDE_REMOTE_WRITE_URL.name(),
          "…",
          usable + "; the port is no number, or a comma in a password is not written as %2C");
      return false;
    }
    return true;
  }

  private static boolean portIsNumber(String server) {
    int colon = server.lastIndexOf(':');
    if (colon < server.lastIndexOf(']') || server.startsWith("//", colon + 1)) {
      return true;
    }
    for (int i = colon + 1; i < server.length(); i++) {
      if (server.charAt(i) < '0' || server.charAt(i) > '9') {
        return false;
      }
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
            settings.name(Option.SONDE_REMOTE_WRITE_LABELS),
            name,
            "letters, digits and single _ in a label's name, and a value");
      }
    }
    return labels;
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
