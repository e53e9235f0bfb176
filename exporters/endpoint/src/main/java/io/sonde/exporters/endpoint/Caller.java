package io.sonde.exporters.endpoint;

import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a request says of who sent it: a browser names the page that made it do so. */
public final class Caller {
  private static final Pattern LOOPBACK =
      Pattern.compile("localhost|.+\\.localhost|127(\\.\\d{1,3}){3}|::1|(0+:){7}0*1");

  private Caller() {}

  /** Whether a page of another site made a browser send it. */
  public static boolean isForeign(Request request) {
    String site = request.header("sec-fetch-site");
    if (site != null && !site.equals("none") && !site.equals("same-origin")) {
      return true;
    }
    String origin = request.header("origin");
    if (origin == null) {
      return false;
    }
    String host = request.header("host");
    int scheme = origin.indexOf("://");
    return host == null || scheme < 0 || !origin.substring(scheme + 3).equalsIgnoreCase(host);
  }

  /**
   * Whether the name that it was sent to is of this machine for certain, or the one given. Others
   * may be anybody's who lets them point here, and a browser takes the answer for theirs. Whoever
   * names none is no browser.
   */
  public static boolean namesLoopback(Request request, String orThis) {
    String host = name(request.header("host"));
    return host == null || LOOPBACK.matcher(host).matches() || host.equalsIgnoreCase(orThis);
  }

  private static @Nullable String name(@Nullable String host) {
    if (host == null) {
      return null;
    }
    int bracket = host.indexOf(']');
    int colon = host.indexOf(':', Math.max(bracket, 0));
    String name = colon < 0 ? host : host.substring(0, colon);
    boolean literal = name.startsWith("[") && name.endsWith("]");
    return (literal ? name.substring(1, name.length() - 1) : name).toLowerCase(Locale.ROOT);
  }
}
