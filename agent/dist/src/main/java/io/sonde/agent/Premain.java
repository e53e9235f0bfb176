package io.sonde.agent;

import io.sonde.agent.cli.Command;
import java.io.File;
import java.lang.instrument.Instrumentation;
import java.net.URI;
import java.security.CodeSource;
import java.util.jar.JarFile;
import org.jspecify.annotations.Nullable;

/**
 * Where a JVM comes in: puts the agent's jar on the bootstrap search path and goes on there.
 *
 * <p>The one class that the system loader has, in a class-file version that any JVM with agents
 * loads. Whatever fails here ends in one line on stderr, and the application starts as if the agent
 * were not there.
 */
public final class Premain {
  private static boolean appended;

  private Premain() {}

  /** With {@code -javaagent}. */
  public static void premain(String arguments, Instrumentation instrumentation) {
    start(arguments, instrumentation, false);
  }

  /** Attached to a running JVM. */
  public static void agentmain(String arguments, Instrumentation instrumentation) {
    start(arguments, instrumentation, true);
  }

  /** The command line. */
  public static void main(String[] arguments) throws Exception {
    String problem = unsupported();
    if (problem != null) {
      System.err.println(problem);
      System.exit(1);
    }
    Command.main(jar(), arguments);
  }

  private static void start(String arguments, Instrumentation instrumentation, boolean attached) {
    try {
      String problem = unsupported();
      if (problem != null) {
        System.err.println(problem);
        return;
      }
      File jar = jar();
      // With -Xbootclasspath/a this very class is on the boot path already.
      if (Premain.class.getClassLoader() != null && !appended) {
        appended = true;
        instrumentation.appendToBootstrapClassLoaderSearch(new JarFile(jar, false));
      }
      Start.start(arguments, instrumentation, jar, attached);
    } catch (Throwable thrown) {
      System.err.println("[sonde] could not start, the application runs without it: " + thrown);
    }
  }

  private static @Nullable String unsupported() {
    String version = System.getProperty("java.specification.version", "");
    return version.startsWith("1.") && version.compareTo("1.8") < 0
        ? "[sonde] Java "
            + version
            + " is too old, Sonde needs 8 or newer; the application runs without it"
        : null;
  }

  private static File jar() throws Exception {
    String text = location();
    if (text.startsWith("jar:")) {
      text = text.substring(4, text.indexOf("!/"));
    }
    return new File(new URI(text));
  }

  /**
   * The code source is the cheap answer; a security manager or the boot path leave the resource.
   */
  private static String location() {
    try {
      CodeSource source = Premain.class.getProtectionDomain().getCodeSource();
      if (source != null) {
        return source.getLocation().toString();
      }
    } catch (SecurityException e) {
      // The resource it is.
    }
    return String.valueOf(Premain.class.getResource("Premain.class"));
  }
}
