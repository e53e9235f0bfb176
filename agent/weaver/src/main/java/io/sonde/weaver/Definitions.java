package io.sonde.weaver;

import io.sonde.core.Attached;
import java.io.IOException;
import java.security.ProtectionDomain;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassWriter;
import net.bytebuddy.jar.asm.Opcodes;
import net.bytebuddy.jar.asm.commons.ClassRemapper;
import net.bytebuddy.jar.asm.commons.Remapper;
import org.jspecify.annotations.Nullable;

/**
 * Brings instrumentation classes into the loaders of the libraries they are for: reads them and
 * what they need, renames javax to jakarta where the library wants that, checks their links,
 * defines them.
 *
 * <p>No lock is held while a loader is called: two threads may both do the work, the loader keeps
 * what came first.
 */
final class Definitions {
  private static final String OURS = "io/sonde/instrumentation/";
  private static final String DEFINED = "";

  private final AgentJar jar;
  private final Definer definer;
  private final Attached<Map<String, String>> byLoader = new Attached<>();

  Definitions(AgentJar jar, Definer definer) {
    this.jar = jar;
    this.definer = definer;
  }

  /**
   * Makes {@code advice} callable from classes of {@code loader}; returns why it cannot be, or
   * null.
   */
  @Nullable String ensure(
      ClassLoader loader, Rule rule, byte[] target, @Nullable ProtectionDomain domain)
      throws IOException, ReflectiveOperationException {
    Map<String, String> done = byLoader.get(loader);
    if (done == null) {
      synchronized (byLoader) {
        done = byLoader.get(loader);
        if (done == null) {
          byLoader.set(loader, done = new ConcurrentHashMap<>());
        }
      }
    }
    String outcome = done.get(rule.advice);
    if (outcome == null) {
      String reason = define(loader, rule.advice, target, domain);
      outcome = reason == null ? DEFINED : reason;
      done.put(rule.advice, outcome);
    }
    return outcome.equals(DEFINED) ? null : outcome;
  }

  private @Nullable String define(
      ClassLoader loader, String advice, byte[] target, @Nullable ProtectionDomain domain)
      throws IOException, ReflectiveOperationException {
    Map<String, byte[]> classes = new LinkedHashMap<>();
    Map<String, ClassFile> parsed = new LinkedHashMap<>();
    collect(advice, Jakarta.wanted(target), classes, parsed);
    LinkCheck check = new LinkCheck(loader);
    for (ClassFile file : parsed.values()) {
      String missing = check.missing(file);
      if (missing != null) {
        return missing;
      }
    }
    for (Map.Entry<String, byte[]> one : classes.entrySet()) {
      definer.define(loader, one.getKey().replace('/', '.'), one.getValue(), domain);
    }
    return null;
  }

  /** Adds the class and everything of ours that it refers to, super classes first. */
  private void collect(
      String name, boolean jakarta, Map<String, byte[]> classes, Map<String, ClassFile> parsed)
      throws IOException {
    if (parsed.containsKey(name)) {
      return;
    }
    byte[] bytes = jar.instrumentation(name);
    if (bytes == null) {
      throw new IOException("instrumentation class " + name + " is not in the agent's jar");
    }
    if (jakarta) {
      bytes = Jakarta.rename(bytes);
    }
    ClassFile file = new ClassFile(bytes);
    parsed.put(name, file);
    if (file.superName != null && file.superName.startsWith(OURS)) {
      collect(file.superName, jakarta, classes, parsed);
    }
    for (String parent : file.interfaces) {
      if (parent.startsWith(OURS)) {
        collect(parent, jakarta, classes, parsed);
      }
    }
    classes.put(name, bytes);
    for (String other : file.classes) {
      if (other.startsWith(OURS)) {
        collect(other, jakarta, classes, parsed);
      }
    }
  }

  /** The jakarta twin of what is written against javax. */
  private static final class Jakarta {
    private static final byte[] PREFIX =
        "jakarta/".getBytes(java.nio.charset.StandardCharsets.US_ASCII);

    private Jakarta() {}

    /** Whether the target's class file speaks of jakarta packages. */
    static boolean wanted(byte[] target) {
      for (int i = 10; i < target.length - PREFIX.length; i++) {
        int j = 0;
        while (j < PREFIX.length && target[i + j] == PREFIX[j]) {
          j++;
        }
        if (j == PREFIX.length) {
          return true;
        }
      }
      return false;
    }

    static byte[] rename(byte[] bytes) {
      ClassWriter writer = new ClassWriter(0);
      new ClassReader(bytes)
          .accept(
              new ClassRemapper(
                  writer,
                  new Remapper(Opcodes.ASM9) {
                    @Override
                    public String map(String name) {
                      return name.startsWith("javax/servlet/")
                              || name.startsWith("javax/ws/rs/")
                              || name.startsWith("javax/jms/")
                          ? "jakarta" + name.substring(5)
                          : name;
                    }
                  }),
              0);
      return writer.toByteArray();
    }
  }
}
