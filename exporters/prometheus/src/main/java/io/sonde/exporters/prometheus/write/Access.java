package io.sonde.exporters.prometheus.write;

import io.sonde.settings.Option;
import io.sonde.settings.Settings;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What lets each receiver know who writes, as headers.
 *
 * <p>What has a receiver's number behind its name is for that one alone. What has none is for all,
 * unless it may be a secret and they are not the same server: whose it is, is not known then, so it
 * goes to none.
 */
final class Access {
  private static final List<Option> AUTHORIZATION =
      Arrays.asList(
          Option.SONDE_REMOTE_WRITE_USER,
          Option.SONDE_REMOTE_WRITE_PASSWORD,
          Option.SONDE_REMOTE_WRITE_TOKEN);

  private static final List<Option> NUMBERED =
      Arrays.asList(
          Option.SONDE_REMOTE_WRITE_USER,
          Option.SONDE_REMOTE_WRITE_PASSWORD,
          Option.SONDE_REMOTE_WRITE_TOKEN,
          Option.SONDE_REMOTE_WRITE_TENANT,
          Option.SONDE_REMOTE_WRITE_HEADERS,
          Option.SONDE_REMOTE_WRITE_LABELS,
          Option.SONDE_REMOTE_WRITE_TIMEOUT);

  private final Settings settings;
  private final boolean sameServer;

  Access(Settings settings, List<String> urls) {
    this.settings = settings;
    sameServer = sameServer(urls);
    if (!sameServer) {
      for (Option option : AUTHORIZATION) {
        whose(option, urls.size());
      }
      whose(Option.SONDE_REMOTE_WRITE_HEADERS, urls.size());
    }
    // Those above the number of the last receiver, to say so.
    for (int number = urls.size() + 1; number <= Settings.MOST_NUMBERED; number++) {
      nobodys(settings.numbered(number), urls.size());
    }
  }

  private static boolean sameServer(List<String> urls) {
    for (String url : urls) {
      if (!server(url).equals(server(urls.get(0)))) {
        return false;
      }
    }
    return true;
  }

  /** Scheme, host and port. */
  static String server(String url) {
    int scheme = url.indexOf("://");
    if (scheme < 0) {
      return url; // which is none, and that is said elsewhere
    }
    int start = scheme + 3;
    while (start < url.length() && "/\\".indexOf(url.charAt(start)) >= 0) {
      start++; // as those do that connect to it
    }
    int end = start;
    while (end < url.length() && "/\\?#".indexOf(url.charAt(end)) < 0) {
      end++;
    }
    int host = url.lastIndexOf('@', end) + 1;
    return (url.substring(0, scheme + 3) + url.substring(Math.max(start, host), end))
        .toLowerCase(Locale.ROOT);
  }

  private void whose(Option option, int receivers) {
    if (settings.isSet(option)) {
      settings.problem(
          option.name(),
          "…",
          option.name()
              + "_1 to _"
              + receivers
              + ": the URLs are of several servers and a secret is for one, so it is sent to none");
    }
  }

  private static void nobodys(Settings beyond, int receivers) {
    for (Option option : NUMBERED) {
      if (beyond.isSet(option)) {
        beyond.problem(
            beyond.name(option), "…", "a number up to " + receivers + ", as there are URLs");
      }
    }
  }

  /** The headers for one receiver, whose own settings these are. */
  Map<String, String> headers(Settings own) {
    Map<String, String> headers = new LinkedHashMap<>();
    Settings authorization = of(own, AUTHORIZATION);
    if (authorization != null) {
      authorize(authorization, headers);
    }
    Option tenant = Option.SONDE_REMOTE_WRITE_TENANT;
    Settings tenants = own.isSet(tenant) ? own : settings;
    String name = tenants.text(tenant);
    if (name != null) {
      put(tenants, tenant, headers, "X-Scope-OrgID", name);
    }
    Option further = Option.SONDE_REMOTE_WRITE_HEADERS;
    Settings others = of(own, Arrays.asList(further));
    if (others != null) {
      for (Map.Entry<String, String> header : others.pairs(further).entrySet()) {
        put(others, further, headers, header.getKey(), header.getValue());
      }
    }
    return headers;
  }

  /** Its own where it has any of them, else those of all where they are for it too. */
  private @Nullable Settings of(Settings own, List<Option> options) {
    for (Option option : options) {
      if (own.isSet(option)) {
        return own;
      }
    }
    return sameServer ? settings : null;
  }

  private static void authorize(Settings from, Map<String, String> headers) {
    String user = from.text(Option.SONDE_REMOTE_WRITE_USER);
    String password = from.text(Option.SONDE_REMOTE_WRITE_PASSWORD);
    String token = from.text(Option.SONDE_REMOTE_WRITE_TOKEN);
    if (user != null) {
      headers.put("Authorization", basic(user, password == null ? "" : password));
      return;
    }
    if (password != null) {
      from.problem(
          from.name(Option.SONDE_REMOTE_WRITE_PASSWORD),
          "…",
          from.name(Option.SONDE_REMOTE_WRITE_USER) + " with it");
    }
    if (token != null) {
      put(from, Option.SONDE_REMOTE_WRITE_TOKEN, headers, "Authorization", "Bearer " + token);
    }
  }

  static String basic(String user, String password) {
    byte[] bytes = (user + ':' + password).getBytes(StandardCharsets.UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(bytes);
  }

  private static void put(
      Settings from, Option option, Map<String, String> to, String name, String value) {
    if (printable(name) && name.indexOf(' ') < 0 && name.indexOf(':') < 0 && printable(value)) {
      to.put(name, value);
    } else {
      from.problem(from.name(option), "…", "ASCII without line breaks");
    }
  }

  static boolean printable(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) < ' ' || text.charAt(i) >= 0x7F) {
        return false;
      }
    }
    return !text.isEmpty();
  }
}
