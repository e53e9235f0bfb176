package io.sonde.exporters.otlp;

import io.sonde.settings.Option;
import io.sonde.settings.ProfileExporters;
import io.sonde.settings.Settings;
import java.io.File;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where spans, metrics or profiles go and how, from the OTEL_EXPORTER_OTLP_* settings.
 *
 * <p>Read by the agent's start, on the application's main thread, so that a bad value is said with
 * all others: text only, no file is read and nothing is resolved.
 */
public final class Target {

  final boolean grpc;
  final boolean tls;
  final String host;
  final int port;
  final String path;
  final Map<String, String> headers;
  final boolean gzip;

  /** Whether it is HTTP/1.1 without TLS, or to be taken for another kind all the same. */
  final boolean plain;

  final long timeoutMillis;
  final @Nullable String certificate;
  final @Nullable String clientKey;
  final @Nullable String clientCertificate;

  private Target(Settings settings, Signal signal, Url url, boolean grpc) {
    this.grpc = grpc;
    plain = !grpc && !url.tls;
    tls = url.tls;
    host = url.host;
    port = url.port;
    path = url.path;
    headers = headers(settings, signal);
    gzip = gzip(settings, signal);
    timeoutMillis = timeoutMillis(settings, signal);
    certificate = file(settings, signal.certificate, Option.OTEL_EXPORTER_OTLP_CERTIFICATE);
    clientKey = file(settings, signal.clientKey, Option.OTEL_EXPORTER_OTLP_CLIENT_KEY);
    clientCertificate =
        file(settings, signal.clientCertificate, Option.OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE);
  }

  private Target(Url url, boolean grpc, boolean plain, boolean gzip, long timeoutMillis) {
    this.grpc = grpc;
    this.plain = plain;
    tls = url.tls;
    host = url.host;
    port = url.port;
    path = url.path;
    headers = new LinkedHashMap<>();
    this.gzip = gzip;
    this.timeoutMillis = timeoutMillis;
    certificate = null;
    clientKey = null;
    clientCertificate = null;
  }

  /** On this machine, spoken to as {@code like}, or by the default where that is null. */
  static @Nullable Target local(@Nullable Target like, int port, long timeoutMillis) {
    Url url = Url.parse("http://127.0.0.1:" + port + "/v1/traces");
    return url == null
        ? null
        : new Target(
            url,
            like != null && like.grpc,
            like == null || like.plain,
            like != null && like.gzip,
            timeoutMillis);
  }

  /** Where spans go, or null where no target is configured or its URL cannot be used. */
  public static @Nullable Target of(Settings settings) {
    return of(settings, Signal.TRACES);
  }

  /** Where metrics go, or null where no target is configured or its URL cannot be used. */
  public static @Nullable Target ofMetrics(Settings settings) {
    return of(settings, Signal.METRICS);
  }

  /**
   * Where profiles go, or null where SONDE_PROFILES_EXPORTER leaves OTLP out, no target is
   * configured or its URL cannot be used.
   */
  public static @Nullable Target ofProfiles(Settings settings) {
    return ProfileExporters.OTLP.isOn(settings) ? of(settings, Signal.PROFILES) : null;
  }

  private static @Nullable Target of(Settings settings, Signal signal) {
    Option option = set(settings, signal.endpoint, Option.OTEL_EXPORTER_OTLP_ENDPOINT);
    String text = settings.text(option);
    if (text == null) {
      return null;
    }
    boolean grpc = grpc(settings, signal);
    String example = "a URL such as http://localhost:" + (grpc ? 4317 : 4318);
    Url url = Url.parse(grpc ? withScheme(text, settings, signal) : text);
    if (url == null) {
      settings.problem(option.name(), Url.withoutUser(text), example + ", so nothing is exported");
      return null;
    }
    if (grpc) {
      url.path = "/";
    } else if (option == Option.OTEL_EXPORTER_OTLP_ENDPOINT) {
      url.path = (url.path.endsWith("/") ? url.path : url.path + '/') + signal.path;
    }
    if (!url.isUri()) {
      settings.problem(
          option.name(),
          Url.withoutUser(text),
          example + " with { as %7B and | as %7C, so nothing is exported");
      return null;
    }
    return new Target(settings, signal, url, grpc);
  }

  /** An endpoint for gRPC may be host and port alone. */
  private static String withScheme(String endpoint, Settings settings, Signal signal) {
    if (endpoint.contains("://")) {
      return endpoint;
    }
    Option option = set(settings, signal.insecure, Option.OTEL_EXPORTER_OTLP_INSECURE);
    return (settings.flag(option) ? "http://" : "https://") + endpoint;
  }

  private static boolean grpc(Settings settings, Signal signal) {
    Option option = set(settings, signal.protocol, Option.OTEL_EXPORTER_OTLP_PROTOCOL);
    String protocol = settings.word(option);
    if ("grpc".equals(protocol)) {
      return true;
    }
    if (!"http/protobuf".equals(protocol)) {
      settings.problem(option.name(), String.valueOf(protocol), "http/protobuf or grpc");
    }
    return false;
  }

  private static Option set(Settings settings, Option first, Option last) {
    return settings.isSet(first) ? first : last;
  }

  private static boolean gzip(Settings settings, Signal signal) {
    Option option = set(settings, signal.compression, Option.OTEL_EXPORTER_OTLP_COMPRESSION);
    String compression = settings.word(option);
    if (compression != null && !compression.equals("gzip") && !compression.equals("none")) {
      settings.problem(option.name(), compression, "gzip or none");
    }
    return "gzip".equals(compression);
  }

  private static long timeoutMillis(Settings settings, Signal signal) {
    long general = settings.millis(Option.OTEL_EXPORTER_OTLP_TIMEOUT, 10_000);
    long millis = settings.millis(signal.timeout, general);
    // Zero is "no limit" in the specification, and a day as good as none.
    return millis == 0 ? 86_400_000 : Math.min(millis, 86_400_000);
  }

  private static @Nullable String file(Settings settings, Option first, Option last) {
    Option option = set(settings, first, last);
    String path = settings.text(option);
    if (path != null && !new File(path).isFile()) {
      settings.problem(option.name(), path, "a PEM file, so it is left out");
      return null;
    }
    return path;
  }

  private static Map<String, String> headers(Settings settings, Signal signal) {
    Option option = set(settings, signal.headers, Option.OTEL_EXPORTER_OTLP_HEADERS);
    Map<String, String> headers = new LinkedHashMap<>();
    for (Map.Entry<String, String> header : settings.pairs(option).entrySet()) {
      String name = header.getKey().toLowerCase(Locale.ROOT);
      if (token(name) && printable(header.getValue())) {
        headers.put(name, header.getValue());
      } else {
        settings.problem(
            option.name(), name + "=…", "header names and values in ASCII, without line breaks");
      }
    }
    return headers;
  }

  private static boolean token(String name) {
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c <= ' ' || c >= 0x7F || "\"(),/:;<=>?@[\\]{}".indexOf(c) >= 0) {
        return false;
      }
    }
    return !name.isEmpty();
  }

  private static boolean printable(String value) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c < ' ' && c != '\t' || c >= 0x7F) {
        return false;
      }
    }
    return true;
  }

  /** The whole URL, as the exporter takes it. */
  String url() {
    return url(tls, host, port, path);
  }

  private static String url(boolean tls, String host, int port, String path) {
    return (tls ? "https://" : "http://") + authority(tls, host, port) + path;
  }

  /** Path and query. */
  String path() {
    return path;
  }

  /** Host and, where it is not the scheme's own, port. */
  String authority() {
    return authority(tls, host, port);
  }

  private static String authority(boolean tls, String host, int port) {
    String name = host.indexOf(':') >= 0 ? '[' + host + ']' : host;
    return port == (tls ? 443 : 80) ? name : name + ':' + port;
  }

  /** The URL, for messages. */
  @Override
  public String toString() {
    int query = path.indexOf('?');
    return (tls ? "https://" : "http://")
        + authority()
        + (grpc ? "" : query < 0 ? path : path.substring(0, query));
  }

  /**
   * The parts of a URL, taken apart by hand: java.net.URI knows no host with an underscore, and
   * that is what services are called in compose files.
   */
  private static final class Url {
    boolean tls;
    String host = "";
    int port;
    String path = "/";

    static @Nullable Url parse(String text) {
      Url url = new Url();
      int start = text.indexOf("://") + 3;
      String scheme = start < 3 ? "" : text.substring(0, start).toLowerCase(Locale.ROOT);
      url.tls = scheme.equals("https://");
      if (!url.tls && !scheme.equals("http://")) {
        return null;
      }
      int end = start;
      while (end < text.length() && "/?#".indexOf(text.charAt(end)) < 0) {
        end++;
      }
      String authority = text.substring(text.lastIndexOf('@', end - 1) + 1, end);
      if (text.lastIndexOf('@', end - 1) < start) {
        authority = text.substring(start, end);
      }
      if (!url.authority(authority)) {
        return null;
      }
      int fragment = text.indexOf('#', end);
      String path = text.substring(end, fragment < 0 ? text.length() : fragment);
      url.path = path.startsWith("/") ? path : '/' + path;
      return plain(url.path) && plain(url.host) ? url : null;
    }

    /** Whether the senders take it, which want a java.net.URI. */
    boolean isUri() {
      try {
        new URI(Target.url(tls, host, port, path));
        return true;
      } catch (URISyntaxException e) {
        return false;
      }
    }

    private boolean authority(String text) {
      int colon = text.lastIndexOf(':');
      boolean hasPort = colon > text.lastIndexOf(']');
      host = hasPort ? text.substring(0, colon) : text;
      if (host.startsWith("[") && host.endsWith("]")) {
        host = host.substring(1, host.length() - 1);
      }
      port = tls ? 443 : 80;
      if (hasPort) {
        try {
          port = Integer.parseInt(text.substring(colon + 1));
        } catch (NumberFormatException e) {
          return false;
        }
      }
      return !host.isEmpty() && port > 0 && port < 65536;
    }

    private static boolean plain(String text) {
      for (int i = 0; i < text.length(); i++) {
        char c = text.charAt(i);
        if (c <= ' ' || c >= 0x7F) {
          return false;
        }
      }
      return true;
    }

    /** A user and password in front of the host are nobody's business. */
    static String withoutUser(String text) {
      int at = text.lastIndexOf('@');
      int start = text.indexOf("://");
      return at < 0
          ? text
          : (start < 0 ? "" : text.substring(0, start + 3)) + "…" + text.substring(at);
    }
  }
}
