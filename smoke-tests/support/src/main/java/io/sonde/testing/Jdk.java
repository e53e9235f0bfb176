package io.sonde.testing;

import java.nio.file.Path;

/** A Java installation: its feature version, its full version as it names itself, its home. */
public record Jdk(int version, String fullVersion, Path home) {

  public Path java() {
    return tool("java");
  }

  /** A program of its {@code bin} folder, there or not. */
  public Path tool(String name) {
    String suffix = System.getProperty("os.name", "").startsWith("Windows") ? ".exe" : "";
    return home.resolve("bin").resolve(name + suffix);
  }

  @Override
  public String toString() {
    return "JDK " + version;
  }
}
