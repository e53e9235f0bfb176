package io.sonde.agent.cli;

import io.sonde.settings.Option;
import io.sonde.weaver.AgentJar;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.jar.JarFile;

/** What {@code java -jar sonde-agent.jar} does. */
public final class Command {
  private final File jar;
  private final PrintStream out;
  private final PrintStream err;

  Command(File jar, PrintStream out, PrintStream err) {
    this.jar = jar;
    this.out = out;
    this.err = err;
  }

  /** Called by the jar's main class. */
  public static void main(File jar, String[] arguments) {
    int status = new Command(jar, System.out, System.err).run(arguments);
    if (status != 0) {
      System.exit(status);
    }
  }

  int run(String[] arguments) {
    String verb = arguments.length == 0 ? "help" : arguments[0];
    String[] rest =
        arguments.length == 0 ? arguments : Arrays.copyOfRange(arguments, 1, arguments.length);
    try {
      switch (verb) {
        case "help":
        case "--help":
        case "-h":
          help(rest.length > 0 && rest[0].equals("settings") || verb.equals("--help"));
          return 0;
        case "version":
        case "--version":
          out.println("Sonde " + version());
          return 0;
        case "attach":
          return new Attach(jar, out).run(rest);
        case "why":
          return new Why(jar, out).run(rest);
        case "profiler":
          return new Control(jar, out).run(rest);
        case "warm":
          return new Warm(jar, out, err).run(rest);
        default:
          throw new CommandException(
              "unknown command '"
                  + verb
                  + "', expected attach, why, profiler, warm, help or version");
      }
    } catch (CommandException e) {
      err.println("[sonde] " + e.getMessage());
      return 2;
    }
  }

  private String version() {
    try (JarFile file = new JarFile(jar, false)) {
      return new AgentJar(file).version();
    } catch (IOException e) {
      return "of an unreadable jar";
    }
  }

  private void help(boolean settings) {
    out.println("Sonde " + version() + ", traces, metrics and profiles of any JVM without code");
    out.println();
    out.println(
        "  java -javaagent:" + jar.getName() + " -jar app.jar      start an application with it");
    out.println(
        "  java -jar " + jar.getName() + " attach PID              attach it to a running JVM");
    out.println(
        "  java -jar "
            + jar.getName()
            + " why PID [CLASS|LIBRARY] what was woven there, what not, and why");
    out.println(
        "  java -jar "
            + jar.getName()
            + " profiler PID [on|off|…]    switch its profiler, or see what it does");
    out.println("  java -jar " + jar.getName() + " warm [-o FILE] [-s SECONDS] -- java ARGUMENTS");
    out.println(
        "                                          train a JDK 25+ AOT cache that holds the agent too");
    out.println("  java -jar " + jar.getName() + " help settings           every setting");
    out.println();
    out.println("Where spans go: OTEL_EXPORTER_OTLP_ENDPOINT, for example http://localhost:4318");
    if (settings) {
      out.println();
      out.println(
          "Settings, as environment variables; the system property is the same in lower case with dots:");
      for (Option option : Option.values()) {
        String byDefault = option.byDefault() == null ? "" : " [" + option.byDefault() + "]";
        out.println("  " + option.name() + " (" + option.expected() + ")" + byDefault);
        out.println("      " + option.sentence());
      }
      out.println("  OTEL_INSTRUMENTATION_<LIBRARY>_ENABLED (true or false)");
      out.println("      Switches one library's instrumentation on or off.");
    }
  }
}
