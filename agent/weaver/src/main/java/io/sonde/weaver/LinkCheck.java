package io.sonde.weaver;

import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.WeakReference;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Checks, before an instrumentation is defined, that the library has every class and member the
 * instrumentation uses.
 *
 * <p>Reads class files through the library's loader as resources; loads no class.
 */
final class LinkCheck {
  private static final byte[][] SKIPPED = {ascii("java/"), ascii("io/sonde/"), ascii("javax/net/")};
  private static final byte[] ARRAY = ascii("[");
  private static final Object NONE = new Object();
  private static final int MAX = 500;

  private final WeakReference<ClassLoader> loader;
  private final Map<String, Object> seen = new ConcurrentHashMap<>();

  LinkCheck(ClassLoader loader) {
    this.loader = new WeakReference<>(loader);
  }

  boolean isFor(ClassLoader other) {
    return loader.get() == other;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** The first member or class of the library that is missing, or null. */
  @Nullable String missing(ClassFile instrumentation) throws IOException {
    for (int i = 1; i < instrumentation.constants(); i++) {
      if (!instrumentation.isMember(i) || skipped(instrumentation, i)) {
        continue;
      }
      String owner = instrumentation.owner(i);
      @Nullable ClassFile file = classFile(owner);
      if (file == null) {
        return "class " + owner.replace('/', '.') + " missing";
      }
      if (!has(file, instrumentation, i)) {
        String member = instrumentation.member(i);
        String kind = member.indexOf('(') >= 0 ? "method " : "field ";
        return kind + owner.replace('/', '.') + '.' + member + " missing";
      }
    }
    return null;
  }

  private static boolean skipped(ClassFile instrumentation, int member) {
    for (byte[] prefix : SKIPPED) {
      if (instrumentation.ownerStartsWith(member, prefix)) {
        return true;
      }
    }
    return instrumentation.ownerStartsWith(member, ARRAY);
  }

  private boolean has(ClassFile file, ClassFile instrumentation, int member) throws IOException {
    if (file.declares(instrumentation, member)) {
      return true;
    }
    String superName = file.superName();
    boolean extending = superName != null && !superName.equals("java/lang/Object");
    if (superName != null && extending && hasInherited(superName, instrumentation, member)) {
      return true;
    }
    for (int i = 0; i < file.interfaces(); i++) {
      if (hasInherited(file.interfaceName(i), instrumentation, member)) {
        return true;
      }
    }
    return superName != null && !extending && hasInherited(superName, instrumentation, member);
  }

  private boolean hasInherited(String owner, ClassFile instrumentation, int member)
      throws IOException {
    @Nullable ClassFile file = classFile(owner);
    // A parent that cannot be read as a resource (a JDK class, a generated one) may well have the
    // member.
    return file == null || has(file, instrumentation, member);
  }

  private @Nullable ClassFile classFile(String name) throws IOException {
    Object known = seen.get(name);
    ClassLoader from = loader.get();
    if (known == null && from != null) {
      try (InputStream in = from.getResourceAsStream(name + ".class")) {
        known = in == null ? NONE : new ClassFile(AgentJar.Bytes.readAll(in, in.available()));
      }
      if (seen.size() < MAX) {
        seen.put(name, known);
      }
    }
    return known == null || known == NONE ? null : (ClassFile) known;
  }
}
