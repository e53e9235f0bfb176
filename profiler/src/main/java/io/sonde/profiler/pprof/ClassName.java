package io.sonde.profiler.pprof;

/**
 * What a class is called where it is not part of a method's name: {@code byte[]}, not {@code [B}.
 */
public final class ClassName {
  private ClassName() {}

  /** The name for people, of the JVM's name with dots or slashes. */
  public static String readable(String jvmName) {
    int dimensions = 0;
    while (dimensions < jvmName.length() && jvmName.charAt(dimensions) == '[') {
      dimensions++;
    }
    if (dimensions == 0) {
      return FrameName.type(jvmName);
    }
    StringBuilder name = new StringBuilder(element(jvmName.substring(dimensions)));
    for (int i = 0; i < dimensions; i++) {
      name.append("[]");
    }
    return name.toString();
  }

  private static String element(String descriptor) {
    switch (descriptor) {
      case "Z":
        return "boolean";
      case "B":
        return "byte";
      case "C":
        return "char";
      case "S":
        return "short";
      case "I":
        return "int";
      case "J":
        return "long";
      case "F":
        return "float";
      case "D":
        return "double";
      default:
        boolean named = descriptor.startsWith("L") && descriptor.endsWith(";");
        return FrameName.type(
            named ? descriptor.substring(1, descriptor.length() - 1) : descriptor);
    }
  }
}
