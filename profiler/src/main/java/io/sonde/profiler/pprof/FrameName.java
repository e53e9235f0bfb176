package io.sonde.profiler.pprof;

/**
 * Names frames as the Java tools around Pyroscope do: {@code com/acme/Foo.bar} in {@code
 * com/acme/Foo.java}.
 *
 * <p>The slashes are what Grafana colours packages by and what the link into a source repository is
 * made of. Numbers that the JVM gives to generated classes are taken out, as they differ from one
 * process to the next and would keep equal stacks apart.
 */
final class FrameName {
  private static final int MAX = 1024;
  private static final String[] NUMBERED = {
    "$Proxy",
    "GeneratedMethodAccessor",
    "GeneratedConstructorAccessor",
    "GeneratedSerializationConstructorAccessor"
  };

  private FrameName() {}

  /** The class's name with slashes, without the JVM's numbers. */
  static String type(String className) {
    String name = bounded(className);
    // A hidden class is Name/0x0000…, or Name.0x0000… once slashes became dots.
    int hidden = name.indexOf("/0x");
    if (hidden < 0) {
      hidden = name.indexOf(".0x");
    }
    if (hidden > 0) {
      name = name.substring(0, hidden);
    }
    int lambda = name.indexOf("$$Lambda");
    if (lambda >= 0) {
      return name.substring(0, lambda + 8).replace('.', '/');
    }
    return withoutNumber(name).replace('.', '/');
  }

  private static String withoutNumber(String name) {
    int end = name.length();
    while (end > 0 && name.charAt(end - 1) >= '0' && name.charAt(end - 1) <= '9') {
      end--;
    }
    if (end < name.length()) {
      for (String numbered : NUMBERED) {
        if (name.startsWith(numbered, end - numbered.length())) {
          return name.substring(0, end);
        }
      }
    }
    return name;
  }

  static String method(String type, String method) {
    return type.isEmpty() ? bounded(method) : type + '.' + bounded(method);
  }

  /** The class's source: its package as a path, and the file where one is known. */
  static String file(String type, String file) {
    return type.substring(0, type.lastIndexOf('/') + 1) + bounded(file);
  }

  /** The file that a class of this name is looked for in. */
  static String file(String type) {
    int start = type.lastIndexOf('/') + 1;
    int end = type.indexOf('$', start + 1);
    String outer = type.substring(0, end < 0 ? type.length() : end);
    // Kotlin's functions without a class are compiled into a class of the file's name and Kt.
    return outer.endsWith("Kt") && outer.length() > start + 2
        ? outer.substring(0, outer.length() - 2) + ".kt"
        : outer + ".java";
  }

  private static String bounded(String text) {
    return text.length() > MAX ? text.substring(0, MAX) : text;
  }
}
