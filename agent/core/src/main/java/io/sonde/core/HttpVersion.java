package io.sonde.core;

import org.jspecify.annotations.Nullable;

/** Versions of HTTP as the conventions write them. */
public final class HttpVersion {
  private HttpVersion() {}

  /** Of a protocol as HTTP writes it, such as HTTP/2.0; null where it is not HTTP. */
  public static @Nullable String of(@Nullable String protocol) {
    if (protocol == null || !protocol.startsWith("HTTP/")) {
      return null;
    }
    switch (protocol) {
      case "HTTP/1.1":
        return "1.1";
      case "HTTP/2.0":
        return "2";
      case "HTTP/3.0":
        return "3";
      case "HTTP/1.0":
        return "1.0";
      default:
        return protocol.substring("HTTP/".length());
    }
  }
}
