package io.sonde.settings;

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * The environment, and behind it the file that Pyroscope's agent reads, where an application may
 * have all of its settings.
 */
public final class PyroscopeFile implements Settings.Source {
  /** It is read before main. */
  private static final long LARGEST = 1 << 20;

  private final Settings.Source environment;
  private final String path;
  private final Properties values = new Properties();
  private boolean unreadable;

  /** Reads the file that these two name, or the one of the usual name if it is there. */
  public PyroscopeFile(Settings.Source properties, Settings.Source environment) {
    this.environment = environment;
    Settings settings = new Settings(properties, environment);
    path = String.valueOf(settings.text(Option.PYROSCOPE_CONFIGURATION_FILE));
    File file = new File(path);
    if (!file.isFile() || file.length() > LARGEST) { // a pipe, say, might never end
      unreadable = settings.isSet(Option.PYROSCOPE_CONFIGURATION_FILE);
    } else {
      try (InputStream in = new FileInputStream(file)) {
        values.load(in);
      } catch (IOException | RuntimeException e) {
        values.clear();
        unreadable = true;
      }
    }
  }

  /** Says it where the file cannot be read. */
  public void check(Settings settings) {
    if (unreadable) {
      settings.problem(
          Option.PYROSCOPE_CONFIGURATION_FILE.name(), path, "a file of properties to read");
    }
  }

  @Override
  public @Nullable String get(String name) {
    return isIn(environment.get(name)) ? environment.get(name) : inFile(name);
  }

  /** What is empty is as good as not there, as everywhere. */
  private static boolean isIn(@Nullable String value) {
    return value != null && !value.trim().isEmpty();
  }

  private @Nullable String inFile(String name) {
    if (!name.startsWith("PYROSCOPE_")) {
      return null;
    }
    String value = values.getProperty(name);
    return value == null ? values.getProperty(Settings.property(name)) : value;
  }

  @Override
  public String origin(String name) {
    return isIn(environment.get(name)) ? "environment" : path;
  }
}
