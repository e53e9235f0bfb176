package io.sonde.weaver;

import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Checks, before an instrumentation is defined, that the library has every class and member the
 * instrumentation uses.
 *
 * <p>Reads class files through the library's loader as resources; loads no class.
 */
final class LinkCheck {
  private final ClassLoader loader;
  private final Map<String, @Nullable ClassFile> seen = new HashMap<>();

  LinkCheck(ClassLoader loader) {
    this.loader = loader;
  }

  /** The first member or class of the library that is missing, or null. */
  @Nullable String missing(ClassFile instrumentation) throws IOException {
    for (String reference : new TreeSet<>(instrumentation.references)) {
      int space = reference.indexOf(' ');
      String owner = reference.substring(0, space);
      if (skipped(owner)) {
        continue;
      }
      @Nullable ClassFile file = classFile(owner);
      if (file == null) {
        return "class " + owner.replace('/', '.') + " missing";
      }
      String member = reference.substring(space + 1);
      if (!has(file, member)) {
        String kind = member.indexOf('(') >= 0 ? "method " : "field ";
        return kind + owner.replace('/', '.') + '.' + member + " missing";
      }
    }
    return null;
  }

  private static boolean skipped(String owner) {
    return owner.startsWith("java/")
        || owner.startsWith("io/sonde/")
        || owner.startsWith("javax/net/");
  }

  private boolean has(ClassFile file, String member) throws IOException {
    if (file.members.contains(member)) {
      return true;
    }
    if (file.superName != null && hasInherited(file.superName, member)) {
      return true;
    }
    for (String parent : file.interfaces) {
      if (hasInherited(parent, member)) {
        return true;
      }
    }
    return false;
  }

  private boolean hasInherited(String owner, String member) throws IOException {
    @Nullable ClassFile file = classFile(owner);
    // A parent that cannot be read as a resource (a JDK class, a generated one) may well have the
    // member.
    return file == null || has(file, member);
  }

  private @Nullable ClassFile classFile(String name) throws IOException {
    if (seen.containsKey(name)) {
      return seen.get(name);
    }
    ClassFile file = null;
    try (InputStream in = loader.getResourceAsStream(name + ".class")) {
      if (in != null) {
        file = new ClassFile(AgentJar.Bytes.readAll(in, in.available()));
      }
    }
    seen.put(name, file);
    return file;
  }
}
