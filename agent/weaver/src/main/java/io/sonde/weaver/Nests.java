package io.sonde.weaver;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Leaves more than woven classes out of the AOT cache that this JVM makes, so that JVMs which use
 * it start.
 *
 * <p>JDK 24 and 25 leave out a class that an agent changed, but keep the lambdas of its nested
 * classes. Those belong to the nest of the outermost class, and a JVM that loads them without their
 * host crashes. A nested class with lambdas is left out together with its host by giving the JVM a
 * copy of what it has: to the JVM it was changed, too.
 */
final class Nests {
  private static final int INVOKE_DYNAMIC = 18;

  private final Index index;

  Nests(Index index) {
    this.index = index;
  }

  /** A copy of the class's bytes if its lambdas would be cached without their host, else null. */
  byte @Nullable [] leftOut(String name, byte[] bytes) {
    return isInTarget(name) && new ClassFile(bytes).hasConstant(INVOKE_DYNAMIC)
        ? bytes.clone()
        : null;
  }

  private boolean isInTarget(String name) {
    for (int at = name.indexOf('$', 1); at > 0; at = name.indexOf('$', at + 1)) {
      Rule[] rules = index.of(name.substring(0, at));
      if (rules != null && rules != Index.WATCHED) {
        return true;
      }
    }
    return false;
  }

  /**
   * The targets, and the nested classes of theirs that were loaded before they were known for
   * targets.
   */
  List<Class<?>> withNested(List<Class<?>> targets, Class<?>[] loaded) {
    Set<Class<?>> all = new LinkedHashSet<>(targets);
    for (Class<?> target : targets) {
      ClassLoader loader = target.getClassLoader();
      String prefix = target.getName() + '$';
      for (Class<?> type : loaded) {
        if (loader != null && type.getClassLoader() == loader && isNested(type, prefix)) {
          all.add(type);
        }
      }
    }
    return new ArrayList<>(all);
  }

  /** A slash is in the names of hidden classes, which cannot be transformed. */
  private static boolean isNested(Class<?> type, String prefix) {
    return type.getName().startsWith(prefix) && type.getName().indexOf('/') < 0;
  }
}
