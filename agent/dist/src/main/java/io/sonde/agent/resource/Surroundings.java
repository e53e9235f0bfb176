package io.sonde.agent.resource;

import io.sonde.settings.Settings;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** What can be asked about this process: system properties, environment and small files. */
final class Surroundings {
  /**
   * No configuration file that names a service is longer, and of a longer one this much is looked
   * at.
   */
  static final int MAX_BYTES = 256 * 1024;

  private final Settings.Source properties;
  private final Settings.Source environment;
  private final File root;

  /** Files are looked up below {@code root}. */
  Surroundings(Settings.Source properties, Settings.Source environment, File root) {
    this.properties = properties;
    this.environment = environment;
    this.root = root;
  }

  /** The system property, or null where it is absent or blank. */
  @Nullable String property(String name) {
    return present(properties.get(name));
  }

  /** The first of these environment variables that is there and not blank, or null. */
  @Nullable String environment(String... names) {
    for (String name : names) {
      String value = present(environment.get(name));
      if (value != null) {
        return value;
      }
    }
    return null;
  }

  private static @Nullable String present(@Nullable String value) {
    String trimmed = value == null ? "" : value.trim();
    return trimmed.isEmpty() ? null : trimmed;
  }

  File file(String path) {
    return new File(root, path);
  }

  /** The beginning of a file as text, or null. */
  @Nullable String text(String path) {
    return text(file(path));
  }

  static @Nullable String text(File file) {
    if (!file.canRead() || file.isDirectory()) {
      return null;
    }
    try (InputStream in = new FileInputStream(file)) {
      return text(in);
    } catch (IOException e) {
      return null;
    }
  }

  static String text(InputStream in) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    byte[] some = new byte[4096];
    for (int n = in.read(some); n > 0 && bytes.size() < MAX_BYTES; n = in.read(some)) {
      bytes.write(some, 0, n);
    }
    return new String(bytes.toByteArray(), StandardCharsets.UTF_8);
  }
}
