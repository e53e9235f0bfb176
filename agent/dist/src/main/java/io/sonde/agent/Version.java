package io.sonde.agent;

import java.io.IOException;
import java.io.InputStream;
import java.util.Scanner;

/** The agent's version, as the build wrote it into the jar. */
public final class Version {
  /** For example 0.1.0. */
  public static final String TEXT = read();

  private Version() {}

  private static String read() {
    ClassLoader loader = Version.class.getClassLoader();
    try (InputStream in =
        loader == null
            ? ClassLoader.getSystemResourceAsStream("inst/version")
            : loader.getResourceAsStream("inst/version")) {
      return in == null ? "unknown" : new Scanner(in, "UTF-8").next();
    } catch (IOException e) {
      return "unknown";
    }
  }
}
