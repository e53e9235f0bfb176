package io.sonde.agent.resource;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.util.Properties;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/**
 * The value of {@code spring.application.name}, looked for where and in the order in which Spring
 * Boot does.
 */
final class SpringName {
  private static final String KEY = "spring.application.name";
  private static final String ARGUMENT = " --" + KEY + "=";
  private static final String[] FILES = {
    "application.properties", "application.yml", "application.yaml",
    "bootstrap.properties", "bootstrap.yml", "bootstrap.yaml"
  };
  private static final String[] FOLDERS = {"config/", ""};
  private static final String[] IN_JAR = {"BOOT-INF/classes/", "WEB-INF/classes/", ""};
  private static final int MAX_CLASS_PATH = 64;

  private final Surroundings of;
  private final @Nullable String command;
  private final @Nullable String jar;

  SpringName(Surroundings of, @Nullable String command, @Nullable String jar) {
    this.of = of;
    this.command = command;
    this.jar = jar;
  }

  @Nullable String find() {
    String name = argument();
    name = name != null ? name : resolved(of.property(KEY));
    name = name != null ? name : resolved(of.environment("SPRING_APPLICATION_NAME"));
    name = name != null ? name : inFolder(of.property("user.dir"));
    if (name == null) {
      name = jar != null ? inJar(new File(jar)) : onClassPath();
    }
    return name;
  }

  private @Nullable String argument() {
    int at = command == null ? -1 : command.indexOf(ARGUMENT);
    if (command == null || at < 0) {
      return null;
    }
    int start = at + ARGUMENT.length();
    int end = command.indexOf(' ', start);
    return resolved(command.substring(start, end < 0 ? command.length() : end));
  }

  private @Nullable String inFolder(@Nullable String path) {
    if (path == null) {
      return null;
    }
    for (String folder : FOLDERS) {
      for (String file : FILES) {
        String text = Surroundings.text(new File(path, folder + file));
        String name = text == null ? null : read(file, text);
        if (name != null) {
          return name;
        }
      }
    }
    return null;
  }

  private @Nullable String inJar(File file) {
    if (!file.isFile()) {
      return null;
    }
    try (ZipFile zip = new ZipFile(file)) {
      for (String root : IN_JAR) {
        for (String folder : FOLDERS) {
          for (String name : FILES) {
            String found = inEntry(zip, zip.getEntry(root + folder + name), name);
            if (found != null) {
              return found;
            }
          }
        }
      }
    } catch (IOException | RuntimeException e) {
      // A jar that the JVM runs and we cannot read: its name still is one.
      return null;
    }
    return null;
  }

  private @Nullable String inEntry(ZipFile zip, @Nullable ZipEntry entry, String name)
      throws IOException {
    if (entry == null) {
      return null;
    }
    try (InputStream in = zip.getInputStream(entry)) {
      return read(name, Surroundings.text(in));
    }
  }

  /**
   * Only folders: a jar on the class path is some library's. An unpacked Boot jar is a folder too.
   */
  private @Nullable String onClassPath() {
    String path = of.property("java.class.path");
    if (path == null) {
      return null;
    }
    String[] entries = path.split(File.pathSeparator, MAX_CLASS_PATH);
    for (String entry : entries) {
      File folder = new File(entry);
      if (!entry.isEmpty() && folder.isDirectory()) {
        String name = inFolder(entry);
        name = name != null ? name : inFolder(new File(folder, "BOOT-INF/classes").getPath());
        if (name != null) {
          return name;
        }
      }
    }
    return null;
  }

  private @Nullable String read(String file, String text) {
    return resolved(file.endsWith(".properties") ? property(text) : Yaml.find(text, KEY));
  }

  private static @Nullable String property(String text) {
    Properties properties = new Properties();
    try {
      properties.load(new StringReader(text));
    } catch (IOException | IllegalArgumentException e) {
      return null;
    }
    return properties.getProperty(KEY);
  }

  /** One placeholder is looked up, or its default taken; what stays unresolved is no name. */
  private @Nullable String resolved(@Nullable String value) {
    if (value == null) {
      return null;
    }
    String name = value.trim();
    int start = name.indexOf("${");
    int end = name.lastIndexOf('}');
    if (start >= 0 && end > start) {
      String inside = name.substring(start + 2, end);
      int colon = inside.indexOf(':');
      String found = lookUp(colon < 0 ? inside : inside.substring(0, colon));
      if (found == null && colon >= 0) {
        found = inside.substring(colon + 1);
      }
      name = found == null ? "" : name.substring(0, start) + found + name.substring(end + 1);
    }
    // Text between @ signs was to be filled in by the build.
    boolean leftOver = name.contains("${") || name.startsWith("@") && name.endsWith("@");
    return name.isEmpty() || leftOver ? null : name;
  }

  private @Nullable String lookUp(String name) {
    String value = of.property(name);
    return value != null
        ? value
        : of.environment(
            name, name.toUpperCase(java.util.Locale.ROOT).replace('.', '_').replace("-", ""));
  }
}
