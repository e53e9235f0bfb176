package io.sonde.agent.resource;

import java.io.File;
import org.jspecify.annotations.Nullable;

/**
 * The name of the service where the user did not set one: Spring's, else the jar's, else the main
 * class's.
 *
 * <p>A version at the end of the jar's name is not part of the service's name, which should outlive
 * it.
 */
final class ServiceName {
  private static final String UNKNOWN = "unknown_service:java";

  final String name;
  final @Nullable String version;

  private ServiceName(String name, @Nullable String version) {
    this.name = name;
    this.version = version;
  }

  static ServiceName detect(Surroundings of) {
    String command = of.property("sun.java.command");
    String jar = jar(command, of.property("java.class.path"));
    ServiceName byCommand =
        jar != null ? ofJar(new File(jar).getName()) : new ServiceName(mainClass(command), null);
    String spring = new SpringName(of, command, jar).find();
    return spring == null ? byCommand : new ServiceName(spring, byCommand.version);
  }

  /**
   * The path after {@code -jar}; the class path is that path and tells where it ends if it has
   * spaces.
   */
  private static @Nullable String jar(@Nullable String command, @Nullable String classPath) {
    if (command == null) {
      return null;
    }
    if (classPath != null
        && archive(classPath)
        && (command.equals(classPath) || command.startsWith(classPath + ' '))) {
      return classPath;
    }
    int end = command.indexOf(' ');
    String first = end < 0 ? command : command.substring(0, end);
    return archive(first) ? first : null;
  }

  private static boolean archive(String path) {
    return path.endsWith(".jar") || path.endsWith(".war");
  }

  private static ServiceName ofJar(String file) {
    String name = file.substring(0, file.length() - 4);
    for (int i = name.indexOf('-'); i > 0; i = name.indexOf('-', i + 1)) {
      if (i + 1 < name.length() && Character.isDigit(name.charAt(i + 1))) {
        return new ServiceName(name.substring(0, i), name.substring(i + 1));
      }
    }
    return new ServiceName(name.isEmpty() ? UNKNOWN : name, null);
  }

  /** The class, without the module that may stand before it. */
  private static String mainClass(@Nullable String command) {
    if (command == null) {
      return UNKNOWN;
    }
    int end = command.indexOf(' ');
    String name = end < 0 ? command : command.substring(0, end);
    name = name.substring(name.indexOf('/') + 1);
    return name.isEmpty() ? UNKNOWN : name;
  }
}
