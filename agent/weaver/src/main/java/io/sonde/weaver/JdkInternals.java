package io.sonde.weaver;

import java.lang.instrument.Instrumentation;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * What the agent uses of the JDK's inside, opened by {@code Instrumentation.redefineModule} where
 * there are modules.
 */
public final class JdkInternals {
  private static final String[] PACKAGES = {"java.lang", "jdk.internal.misc", "jdk.internal.vm"};

  private final @Nullable Modules modules = Modules.find();

  /**
   * Opens packages of java.base to the agent, all in one call since the JVM only starts yet, and
   * lets java.base read the agent: its classes get an interface of ours, which JDK 9 to 11 check
   * before a transformer's module is readable.
   */
  public JdkInternals(Instrumentation instrumentation) {
    if (modules != null) {
      modules.open(instrumentation, PACKAGES);
    }
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

  /** The module system, if there is one. */
  @Nullable Modules modules() {
    return modules;
  }

  /** The properties that the attach API shows of this JVM; null where the JVM has none. */
  public @Nullable Properties agentProperties() {
    try {
      String type = modules != null ? "jdk.internal.vm.VMSupport" : "sun.misc.VMSupport";
      return (Properties) Class.forName(type).getMethod("getAgentProperties").invoke(null);
    } catch (ReflectiveOperationException | RuntimeException e) {
      return null;
    }
  }
}
