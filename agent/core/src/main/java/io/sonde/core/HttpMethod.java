package io.sonde.core;

import java.util.Collections;
import java.util.HashMap;
import java.util.Map;

/** HTTP methods and status codes as bounded sets of shared strings. */
public final class HttpMethod {
  /** What an unknown method is called. */
  public static final String OTHER = "_OTHER";

  private static volatile Map<String, String> known =
      parse("CONNECT,DELETE,GET,HEAD,OPTIONS,PATCH,POST,PUT,QUERY,TRACE");
  private static final String[] STATUS = new String[600];

  static {
    for (int i = 100; i < STATUS.length; i++) {
      STATUS[i] = Integer.toString(i);
    }
  }

  private HttpMethod() {}

  /** Sets the known methods, a list with commas (OTEL_INSTRUMENTATION_HTTP_KNOWN_METHODS). */
  public static void setKnown(String list) {
    known = Collections.unmodifiableMap(parse(list));
  }

  private static Map<String, String> parse(String list) {
    Map<String, String> methods = new HashMap<>();
    for (String method : list.split(",")) {
      String name = method.trim();
      methods.put(name, name);
    }
    return methods;
  }

  static String known(String method) {
    String found = known.get(method);
    return found != null ? found : OTHER;
  }

  static String status(int code) {
    return code >= 100 && code < STATUS.length ? STATUS[code] : Integer.toString(code);
  }
}
