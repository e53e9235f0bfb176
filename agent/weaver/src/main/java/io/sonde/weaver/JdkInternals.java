package io.sonde.weaver;

import java.lang.instrument.Instrumentation;
import java.lang.reflect.Method;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the agent uses of the JDK's inside, opened by {@code Instrumentation.redefineModule} where
 * there are modules.
 */
public final class JdkInternals {
  private static final String[] PACKAGES = {"java.lang", "jdk.internal.misc", "jdk.internal.vm"};

  private final boolean modules;

  /** Uses the module system through reflection, since this is Java 8. */
  public JdkInternals(Instrumentation instrumentation) throws ReflectiveOperationException {
    Class<?> module = moduleType();
    modules = module != null;
    if (module != null) {
      open(instrumentation, module);
    }
  }

  private static @Nullable Class<?> moduleType() {
    try {
      return Class.forName("java.lang.Module");
    } catch (ClassNotFoundException e) {
      return null;
    }
  }

  /**
   * Opens packages of java.base to the agent, all in one call since the JVM only starts yet, and
   * lets java.base read the agent: its classes get an interface of ours, which JDK 9 to 11 check
   * before a transformer's module is readable.
   */
  private static void open(Instrumentation instrumentation, Class<?> module)
      throws ReflectiveOperationException {
    Method getModule = Class.class.getMethod("getModule");
    Set<?> ours = Collections.singleton(getModule.invoke(JdkInternals.class));
    Map<String, Set<?>> opens = new HashMap<>();
    for (String name : PACKAGES) {
      opens.put(name, ours);
    }
    Instrumentation.class
        .getMethod("redefineModule", module, Set.class, Map.class, Map.class, Set.class, Map.class)
        .invoke(
            instrumentation,
            getModule.invoke(Object.class),
            ours,
            Collections.emptyMap(),
            opens,
            Collections.emptySet(),
            Collections.emptyMap());
  }

  /** Whether this JVM makes an AOT cache of a kind that {@link Nests} is for. */
  boolean makesFragileAotCache() {
    String version = System.getProperty("java.specification.version", "");
    if (!version.equals("24") && !version.equals("25")) {
      return false;
    }
    try {
      return Boolean.TRUE.equals(
          Class.forName("jdk.internal.misc.CDS").getMethod("isDumpingArchive").invoke(null));
    } catch (ReflectiveOperationException | RuntimeException e) {
      return false;
    }
  }

  /** Whether there are modules. */
  boolean modules() {
    return modules;
  }

  /** The properties that the attach API shows of this JVM; null where the JVM has none. */
  public @Nullable Properties agentProperties() {
    try {
      String type = modules ? "jdk.internal.vm.VMSupport" : "sun.misc.VMSupport";
      return (Properties) Class.forName(type).getMethod("getAgentProperties").invoke(null);
    } catch (ReflectiveOperationException | RuntimeException e) {
      return null;
    }
  }
}
