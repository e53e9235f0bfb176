package io.sonde.core;

/** Takes secrets out of URLs as the HTTP conventions ask. */
final class Urls {
  private static final String REDACTED = "REDACTED";
  private static final String[] SECRET_PARAMETERS = {
    "AWSAccessKeyId=", "Signature=", "sig=", "X-Goog-Signature="
  };

  private Urls() {}

  static String redact(String url) {
    String result = redactUser(url);
    int query = result.indexOf('?');
    if (query < 0) {
      return result;
    }
    int end = result.indexOf('#', query);
    end = end < 0 ? result.length() : end;
    String old = result.substring(query + 1, end);
    String redacted = redactQuery(old);
    return old.equals(redacted)
        ? result
        : result.substring(0, query + 1) + redacted + result.substring(end);
  }

  private static String redactUser(String url) {
    int scheme = url.indexOf("://");
    if (scheme < 0) {
      return url;
    }
    int from = scheme + 3;
    int end = from;
    int at = -1;
    for (; end < url.length(); end++) {
      char c = url.charAt(end);
      if (c == '/' || c == '?' || c == '#') {
        break;
      }
      if (c == '@') {
        at = end;
      }
    }
    if (at < 0) {
      return url;
    }
    boolean password = url.lastIndexOf(':', at) >= from;
    return url.substring(0, from)
        + (password ? REDACTED + ':' + REDACTED : REDACTED)
        + url.substring(at);
  }

  static String redactQuery(String query) {
    String result = query;
    for (String name : SECRET_PARAMETERS) {
      int at = result.indexOf(name);
      while (at >= 0) {
        int value = at + name.length();
        if (at == 0 || result.charAt(at - 1) == '&') {
          int end = result.indexOf('&', value);
          end = end < 0 ? result.length() : end;
          result = result.substring(0, value) + REDACTED + result.substring(end);
        }
        at = result.indexOf(name, value);
      }
    }
    return result;
  }
}
