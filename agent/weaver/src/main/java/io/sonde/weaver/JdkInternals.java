package io.sonde.weaver;

import java.lang.instrument.Instrumentation;
import java.lang.reflect.Method;
import java.util.Collections;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the agent uses of the JDK's inside, opened by {@code Instrumentation.redefineModule} where
 * there are modules.
 */
public final class JdkInternals {
  private final Instrumentation instrumentation;
  private final @Nullable Method getModule;
  private final @Nullable Method redefineModule;

  /** Uses the module system through reflection, since this is Java 8. */
  public JdkInternals(Instrumentation instrumentation) throws ReflectiveOperationException {
    this.instrumentation = instrumentation;
    Class<?> module = moduleType();
    getModule = module == null ? null : Class.class.getMethod("getModule");
    redefineModule =
        module == null
            ? null
            : Instrumentation.class.getMethod(
                "redefineModule", module, Set.class, Map.class, Map.class, Set.class, Map.class);
  }

  private static @Nullable Class<?> moduleType() {
    try {
      return Class.forName("java.lang.Module");
    } catch (ClassNotFoundException e) {
      return null;
    }
  }

  /**
   * Opens a package of java.base to the agent, and lets java.base read the agent: its classes get
   * an interface of ours, which JDK 9 to 11 check before a transformer's module is readable.
   */
  void open(String packageName) throws ReflectiveOperationException {
    if (getModule != null) {
      Set<?> ours = Collections.singleton(getModule.invoke(JdkInternals.class));
      redefine(getModule.invoke(Object.class), ours, Collections.singletonMap(packageName, ours));
    }
  }

  /** Whether this JVM makes an AOT cache of a kind that {@link Nests} is for. */
  boolean makesFragileAotCache() {
    String version = System.getProperty("java.specification.version", "");
    if (!version.equals("24") && !version.equals("25")) {
      return false;
    }
    try {
      open("jdk.internal.misc");
      return Boolean.TRUE.equals(
          Class.forName("jdk.internal.misc.CDS").getMethod("isDumpingArchive").invoke(null));
    } catch (ReflectiveOperationException | RuntimeException e) {
      return false;
    }
  }

  /** Whether there are modules. */
  boolean modules() {
    return getModule != null;
  }

  private void redefine(Object module, Set<?> reads, Map<?, ?> opens)
      throws ReflectiveOperationException {
    if (redefineModule != null) {
      redefineModule.invoke(
          instrumentation,
          module,
          reads,
          Collections.emptyMap(),
          opens,
          Collections.emptySet(),
          Collections.emptyMap());
    }
  }

  /** The properties that the attach API shows of this JVM; null where the JVM has none. */
  public @Nullable Properties agentProperties() {
    try {
      String type = getModule == null ? "sun.misc.VMSupport" : "jdk.internal.vm.VMSupport";
      open("jdk.internal.vm");
      return (Properties) Class.forName(type).getMethod("getAgentProperties").invoke(null);
    } catch (ReflectiveOperationException | RuntimeException e) {
      return null;
    }
  }
}
