package io.sonde.profiler.async;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Which of the libraries suits an operating system and a processor.
 *
 * <p>Linux's is the same one for glibc and musl: it needs nothing but what both have.
 */
final class Platform {
  private Platform() {}

  /** The library's name, null where there is none. */
  static @Nullable String library(String osName, String osArch) {
    String os = osName.toLowerCase(Locale.ROOT);
    if (os.startsWith("mac")) {
      return "macos";
    }
    if (!os.equals("linux")) {
      return null;
    }
    switch (osArch.toLowerCase(Locale.ROOT)) {
      case "amd64":
      case "x86_64":
        return "linux-x64";
      case "aarch64":
      case "arm64":
        return "linux-arm64";
      default:
        return null;
    }
  }

  /** That of this JVM. */
  static @Nullable String library() {
    return library(System.getProperty("os.name", ""), System.getProperty("os.arch", ""));
  }
}
