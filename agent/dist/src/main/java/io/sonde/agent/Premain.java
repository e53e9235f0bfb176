package io.sonde.agent;

import java.io.File;
import java.lang.instrument.Instrumentation;
import java.lang.reflect.InvocationTargetException;
import java.net.URI;
import java.net.URL;
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
  private static final String START = "io.sonde.agent.Start";

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
    Class<?> command = Class.forName("io.sonde.agent.cli.Command");
    command.getMethod("main", File.class, String[].class).invoke(null, jar(), arguments);
  }

  private static void start(String arguments, Instrumentation instrumentation, boolean attached) {
    try {
      String problem = unsupported();
      if (problem != null) {
        System.err.println(problem);
        return;
      }
      File jar = jar();
      Class<?> start = onBootPath();
      if (start == null) {
        instrumentation.appendToBootstrapClassLoaderSearch(new JarFile(jar, false));
        start = Class.forName(START, true, null);
      }
      start
          .getMethod("start", String.class, Instrumentation.class, File.class, Boolean.TYPE)
          .invoke(null, arguments, instrumentation, jar, Boolean.valueOf(attached));
    } catch (Throwable thrown) {
      Throwable cause = thrown instanceof InvocationTargetException ? thrown.getCause() : thrown;
      System.err.println("[sonde] could not start, the application runs without it: " + cause);
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

  private static @Nullable Class<?> onBootPath() {
    try {
      return Class.forName(START, true, null);
    } catch (ClassNotFoundException e) {
      return null;
    }
  }

  private static File jar() throws Exception {
    URL url =
        Premain.class.getProtectionDomain().getCodeSource() != null
            ? Premain.class.getProtectionDomain().getCodeSource().getLocation()
            : ClassLoader.getSystemResource("io/sonde/agent/Premain.class");
    String text = url.toString();
    if (text.startsWith("jar:")) {
      text = text.substring(4, text.indexOf("!/"));
    }
    return new File(new URI(text));
  }
}
