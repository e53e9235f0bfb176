package io.sonde.exporters.pyroscope;

import io.sonde.settings.Option;
import io.sonde.settings.ProfileExporters;
import io.sonde.settings.Settings;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.zip.Deflater;
import org.jspecify.annotations.Nullable;

/**
 * Where profiles go and how, from the PYROSCOPE_* settings.
 *
 * <p>Read by the agent's start on the application's main thread: text only, nothing is resolved.
 */
public final class Server {
  private static final String AUTHORIZATION = "Authorization";

  /** Of one series. */
  private static final int MAX_LABELS = 30;

  /** Its name and kind, service and agent, what the resource says, a sample's route and class. */
  private static final int OWN_LABELS = 10;

  private static final int MAX_BAGGAGE = 8;

  final String address;
  final boolean push;

  /** Whether recordings are sent in the place of profiles. */
  final boolean jfr;

  final Map<String, String> headers;
  final long timeoutMillis;
  final int maxTries;

  /** A level of gzip. */
  final int compression;

  final @Nullable String name;
  final Map<String, String> labels;

  private Server(Settings settings, String address) {
    this.address = address;
    String endpoint = endpoint(settings);
    push = endpoint.equals("push");
    jfr = endpoint.equals("jfr");
    headers = headers(settings);
    timeoutMillis =
        Math.max(1, settings.nanos(Option.PYROSCOPE_PROFILE_EXPORT_TIMEOUT) / 1_000_000);
    maxTries = maxTries(settings);
    compression = compression(settings);
    String application = settings.text(Option.PYROSCOPE_APPLICATION_NAME);
    int brace = application == null ? -1 : application.indexOf('{');
    name = application == null || brace < 0 ? application : application.substring(0, brace).trim();
    labels = labels(settings, application == null ? "" : application);
  }

  /** As Pyroscope's agent takes it: any number below zero is for no limit. */
  private static int maxTries(Settings settings) {
    int tries = settings.count(Option.PYROSCOPE_INGEST_MAX_TRIES, Integer.MIN_VALUE, -1);
    if (tries == 0) {
      settings.problem(
          Option.PYROSCOPE_INGEST_MAX_TRIES.name(), "0", "how often, or -1 for no limit");
    }
    return tries > 0 ? tries : Integer.MAX_VALUE;
  }

  private static int compression(Settings settings) {
    String level = String.valueOf(settings.text(Option.PYROSCOPE_EXPORT_COMPRESSION_LEVEL_JFR));
    switch (level.toUpperCase(Locale.ROOT)) {
      case "NO_COMPRESSION":
        return Deflater.NO_COMPRESSION;
      case "BEST_SPEED":
        return Deflater.BEST_SPEED;
      case "DEFAULT_COMPRESSION":
        return Deflater.DEFAULT_COMPRESSION;
      case "BEST_COMPRESSION":
        return Deflater.BEST_COMPRESSION;
      default:
        if (level.matches("-1|[0-9]")) {
          return Integer.parseInt(level);
        }
        settings.problem(
            Option.PYROSCOPE_EXPORT_COMPRESSION_LEVEL_JFR.name(),
            level,
            "NO_COMPRESSION, BEST_SPEED, DEFAULT_COMPRESSION, BEST_COMPRESSION or 0 to 9");
        return Deflater.BEST_SPEED;
    }
  }

  /** The server, or null where none is configured, or its address cannot be used. */
  public static @Nullable Server of(Settings settings) {
    String address = settings.text(Option.PYROSCOPE_SERVER_ADDRESS);
    if (address == null
        || !settings.flag(Option.PYROSCOPE_AGENT_ENABLED)
        || !ProfileExporters.PYROSCOPE.isOn(settings)) {
      return null;
    }
    String lower = address.toLowerCase(Locale.ROOT);
    int host = lower.startsWith("https://") ? 8 : lower.startsWith("http://") ? 7 : 0;
    if (host == 0 || host == address.length() || !printable(address)) {
      settings.problem(
          Option.PYROSCOPE_SERVER_ADDRESS.name(),
          address.indexOf('@') < 0 ? address : "…" + address.substring(address.lastIndexOf('@')),
          "a URL such as http://localhost:4040, so nothing goes to Pyroscope");
      return null;
    }
    return new Server(settings, address);
  }

  private static String endpoint(Settings settings) {
    String endpoint = String.valueOf(settings.text(Option.SONDE_PYROSCOPE_ENDPOINT));
    if (endpoint.equals("push") || endpoint.equals("ingest") || endpoint.equals("jfr")) {
      return endpoint;
    }
    settings.problem(Option.SONDE_PYROSCOPE_ENDPOINT.name(), endpoint, "push, ingest or jfr");
    return "push";
  }

  private static Map<String, String> headers(Settings settings) {
    Map<String, String> headers = new LinkedHashMap<>();
    String token = settings.text(Option.PYROSCOPE_AUTH_TOKEN);
    String user = settings.text(Option.PYROSCOPE_BASIC_AUTH_USER);
    String password = settings.text(Option.PYROSCOPE_BASIC_AUTH_PASSWORD);
    if (user != null) {
      headers.put(AUTHORIZATION, basic(user + ':' + (password == null ? "" : password)));
    } else if (token != null) {
      put(settings, Option.PYROSCOPE_AUTH_TOKEN, headers, AUTHORIZATION, "Bearer " + token);
    }
    String tenant = settings.text(Option.PYROSCOPE_TENANT_ID);
    if (tenant != null) {
      put(settings, Option.PYROSCOPE_TENANT_ID, headers, "X-Scope-OrgID", tenant);
    }
    for (Map.Entry<String, String> header : extra(settings).entrySet()) {
      put(settings, Option.PYROSCOPE_HTTP_HEADERS, headers, header.getKey(), header.getValue());
    }
    return headers;
  }

  static String basic(String credentials) {
    byte[] bytes = credentials.getBytes(StandardCharsets.UTF_8);
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

  private static Map<String, String> extra(Settings settings) {
    String text = settings.text(Option.PYROSCOPE_HTTP_HEADERS);
    if (text == null || !text.startsWith("{")) {
      return settings.pairs(Option.PYROSCOPE_HTTP_HEADERS);
    }
    Map<String, String> pairs = JsonPairs.parse(text);
    if (pairs == null) {
      settings.problem(
          Option.PYROSCOPE_HTTP_HEADERS.name(), "…", "a JSON object whose values are text");
      return new LinkedHashMap<>();
    }
    return pairs;
  }

  private static Map<String, String> labels(Settings settings, String application) {
    Map<String, String> labels = new LinkedHashMap<>();
    int open = application.indexOf('{');
    int close = application.lastIndexOf('}');
    if (open >= 0 && close > open) {
      for (String pair : application.substring(open + 1, close).split(",")) {
        int equals = pair.indexOf('=');
        if (equals > 0) {
          labels.put(pair.substring(0, equals).trim(), pair.substring(equals + 1).trim());
        }
      }
    }
    labels.putAll(settings.pairs(Option.PYROSCOPE_LABELS));
    for (String name : labels.keySet().toArray(new String[0])) {
      if (!StaticLabels.valid(name)) {
        labels.remove(name);
        settings.problem(
            Option.PYROSCOPE_LABELS.name(), name, "letters, digits, _ and . in a label's name");
      }
    }
    bound(settings, labels);
    return labels;
  }

  /** A server refuses what has more, with ours and those of the samples. */
  private static void bound(Settings settings, Map<String, String> labels) {
    int baggage = Math.min(MAX_BAGGAGE, settings.list(Option.SONDE_PROFILER_BAGGAGE).size());
    int most = MAX_LABELS - OWN_LABELS - baggage;
    List<String> names = new ArrayList<>(labels.keySet());
    if (names.size() > most) {
      List<String> more = names.subList(most, names.size());
      labels.keySet().removeAll(more);
      settings.problem(
          Option.PYROSCOPE_LABELS.name(),
          String.join(", ", more),
          most + " labels of your own at the most, as a server takes 30 in all");
    }
  }

  private static boolean printable(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) < ' ' || text.charAt(i) >= 0x7F) {
        return false;
      }
    }
    return !text.isEmpty();
  }

  /** Whether it takes recordings in the place of profiles. */
  public boolean takesRecordings() {
    return jfr;
  }

  /** The address without a user and without what follows the path, for messages. */
  @Override
  public String toString() {
    int start = address.indexOf("://") + 3;
    int query = address.indexOf('?');
    String shown = query < 0 ? address : address.substring(0, query);
    int at = shown.lastIndexOf('@');
    return at < start ? shown : shown.substring(0, start) + shown.substring(at + 1);
  }
}
