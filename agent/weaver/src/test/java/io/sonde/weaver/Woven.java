package io.sonde.weaver;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import net.bytebuddy.ByteBuddy;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.description.method.MethodDescription;
import net.bytebuddy.description.type.TypeDescription;
import net.bytebuddy.dynamic.ClassFileLocator;
import net.bytebuddy.dynamic.DynamicType;
import net.bytebuddy.matcher.ElementMatcher;
import net.bytebuddy.pool.TypePool;
import org.jspecify.annotations.Nullable;

/**
 * Weaves the class {@code Target} by the rules of the same sources, loads it with the verifier on
 * and calls its {@code call()}; once by our own weaver and once by Byte Buddy's Advice.
 */
final class Woven {
  private static final String TARGET = "Target";

  private Woven() {}

  /** What comes of our weaver's class. */
  static List<String> ours(Map<String, byte[]> classes, List<Rule> rules) throws Exception {
    List<Rule> missed = new ArrayList<>();
    byte[] woven = ClassWeaver.weave(classes.get(TARGET), rules, true, false, missed);
    if (woven == null || !missed.isEmpty()) {
      throw new AssertionError("not woven: " + missed.size() + " rules missed");
    }
    return run(classes, woven);
  }

  /** What comes of Byte Buddy's class. */
  static List<String> oracles(Map<String, byte[]> classes, List<Rule> rules) throws Exception {
    ClassFileLocator locator =
        new ClassFileLocator.Compound(
            new ClassFileLocator.Simple(classes), ClassFileLocator.ForClassLoader.ofSystemLoader());
    TypePool pool = TypePool.Default.of(locator);
    DynamicType.Builder<?> builder =
        new ByteBuddy().redefine(pool.describe(TARGET).resolve(), locator);
    for (Rule rule : rules) {
      TypeDescription advice = pool.describe(rule.advice.replace('/', '.')).resolve();
      ElementMatcher<MethodDescription> methods =
          method ->
              rule.matches(method.getInternalName(), method.getDescriptor())
                  && !method.isAbstract()
                  && !method.isNative();
      builder =
          builder.visit(
              Advice.withCustomMapping()
                  .with(new Advice.AssignReturned.Factory().withSuppressed(Throwable.class))
                  .to(advice, locator)
                  .on(methods));
    }
    return run(classes, builder.make().getBytes());
  }

  /** What comes of the class without anything. */
  static List<String> unwoven(Map<String, byte[]> classes) throws Exception {
    return run(classes, classes.get(TARGET));
  }

  static Class<?> load(Map<String, byte[]> classes, byte[] target) throws Exception {
    Map<String, byte[]> all = new TreeMap<>(classes);
    all.put(TARGET, target);
    return Class.forName(TARGET, true, new InMemory(all));
  }

  private static List<String> run(Map<String, byte[]> classes, byte[] target) throws Exception {
    Log.take();
    Class<?> type = load(classes, target);
    Object result = ((Callable<?>) type.getDeclaredConstructor().newInstance()).call();
    Log.add("result", result);
    return Log.take();
  }

  private static final class InMemory extends ClassLoader {
    private final Map<String, byte[]> classes;

    InMemory(Map<String, byte[]> classes) {
      super(Woven.class.getClassLoader());
      this.classes = classes;
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
      byte @Nullable [] bytes = classes.get(name);
      if (bytes == null) {
        throw new ClassNotFoundException(name);
      }
      return defineClass(name, bytes, 0, bytes.length);
    }
  }
}
