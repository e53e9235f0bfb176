package io.sonde.weaver;

import java.io.File;
import java.lang.instrument.Instrumentation;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * What the agent uses of the JDK's inside, opened by {@code Instrumentation.redefineModule} where
 * there are modules.
 */
public final class JdkInternals {
  private static final String[] PACKAGES = {"java.lang", "jdk.internal.misc", "jdk.internal.vm"};

  private static final int FIRST_WITH_AOT_CACHE = 24;
  private static final int LAST_FRAGILE = 25;
  private static final int FIRST_THAT_WAITS = 26;

  private final @Nullable Modules modules = Modules.find();
  private final Instrumentation instrumentation;
  private final boolean makesAotCache;

  /**
   * Opens packages of java.base to the agent, all in one call since the JVM only starts yet, and
   * lets java.base read the agent: its classes get an interface of ours, which JDK 9 to 11 check
   * before a transformer's module is readable.
   */
  public JdkInternals(Instrumentation instrumentation) {
    this.instrumentation = instrumentation;
    if (modules != null) {
      modules.open(instrumentation, PACKAGES);
    }
    makesAotCache = isDumping();
  }

  /** The same for the inside of Flight Recorder, which few need, and late. */
  public void openFlightRecorder() {
    if (modules != null) {
      modules.openFlightRecorder(instrumentation);
    }
  }

  /** Whether this JVM makes an AOT cache when it ends. */
  public boolean makesAotCache() {
    return makesAotCache;
  }

  /** Whether the cache is of a kind that {@link Nests} is for. */
  boolean makesFragileAotCache() {
    return makesAotCache && version() <= LAST_FRAGILE;
  }

  /**
   * Whether the JVM, once the last hook of its end has run, stands still until no class file is
   * with an agent any more, and without a safepoint: one that wants a collection of garbage there
   * waits for it for ever.
   */
  boolean endWaitsForTransformers() {
    return version() >= FIRST_THAT_WAITS;
  }

  private static int version() {
    String version = System.getProperty("java.specification.version", "1.8");
    return version.startsWith("1.") ? 8 : Integer.parseInt(version);
  }

  private static boolean isDumping() {
    try {
      return version() >= FIRST_WITH_AOT_CACHE
          && Boolean.TRUE.equals(
              Class.forName("jdk.internal.misc.CDS").getMethod("isDumpingArchive").invoke(null));
    } catch (ReflectiveOperationException | RuntimeException e) {
      return false;
    }
  }

  /** The file that the JVM's last argument of this beginning names, or null. */
  @Nullable File aotFile(String argument) {
    String file = null;
    if (version() >= FIRST_WITH_AOT_CACHE) {
      for (String one : arguments()) {
        if (one.startsWith(argument)) {
          file = one.substring(argument.length());
        }
      }
    }
    // The JVM puts its process id in the place of a %p.
    return file == null || file.isEmpty() || file.indexOf('%') >= 0 ? null : new File(file);
  }

  private static String[] arguments() {
    try {
      String[] all =
          (String[])
              Class.forName("jdk.internal.misc.VM").getMethod("getRuntimeArguments").invoke(null);
      return all == null ? new String[0] : all;
    } catch (ReflectiveOperationException | RuntimeException e) {
      return new String[0];
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
