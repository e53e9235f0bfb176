package io.sonde.instrumentation.jdk.httpserver;

import com.sun.net.httpserver.Headers;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the server's headers; by a walk, since its own look-up makes a new string of each name. */
final class RequestHeaders implements io.sonde.core.Headers<Headers> {
  static final RequestHeaders READ = new RequestHeaders();

  private RequestHeaders() {}

  @Override
  public @Nullable String get(Headers headers, String name) {
    List<String> values = values(headers, name);
    return values == null || values.isEmpty() ? null : values.get(0);
  }

  @Override
  public @Nullable String all(Headers headers, String name) {
    List<String> values = values(headers, name);
    if (values == null || values.size() < 2) {
      return values == null || values.isEmpty() ? null : values.get(0);
    }
    return String.join(",", values);
  }

  @Override
  public Iterable<String> names(Headers headers) {
    return headers.keySet();
  }

  private static @Nullable List<String> values(Headers headers, String name) {
    for (Map.Entry<String, List<String>> header : headers.entrySet()) {
      if (name.equalsIgnoreCase(header.getKey())) {
        return header.getValue();
      }
    }
    return null;
  }
}
