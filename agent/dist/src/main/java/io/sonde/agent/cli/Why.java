package io.sonde.agent.cli;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarFile;
import org.jspecify.annotations.Nullable;

/**
 * {@code why PID [CLASS|LIBRARY]}: which targets a JVM's agent has seen, what became of them, and
 * why; without a name also what became of the spans, and which settings are not the defaults.
 *
 * <p>The agent keeps its report in the JVM's agent properties, so reading it loads nothing into the
 * application.
 */
final class Why {
  /** The agent property that says which agent runs. */
  static final String ABOUT = "sonde.about";

  /** The prefix of the agent properties that hold the report, one a target. */
  static final String LINE = "sonde.report.";

  private static final String SETTING = "sonde.setting.";

  private final File jar;
  private final PrintStream out;

  Why(File jar, PrintStream out) {
    this.jar = jar;
    this.out = out;
  }

  int run(String[] arguments) {
    if (arguments.length < 1 || arguments.length > 2) {
      throw new CommandException("expected: why PID [CLASS|LIBRARY] (jps lists the JVMs)");
    }
    VirtualMachines machine = VirtualMachines.attach(arguments[0]);
    Properties properties;
    try {
      properties = machine.agentProperties();
    } finally {
      machine.detach();
    }
    String about = properties.getProperty(ABOUT);
    if (about == null) {
      throw new CommandException(
          "JVM "
              + arguments[0]
              + " has no Sonde agent: start it with -javaagent or use 'attach "
              + arguments[0]
              + "'");
    }
    out.println(about);
    if (arguments.length == 1) {
      printState(properties);
    }
    ReportLines lines = new ReportLines(properties, arguments.length > 1 ? arguments[1] : null);
    lines.print(out);
    if (arguments.length > 1 && lines.isEmpty()) {
      explainAbsence(arguments[1]);
    } else if (arguments.length == 1) {
      out.println("not seen: " + String.join(" ", lines.unseen(libraries())));
    }
    return 0;
  }

  private void printProfiles(String what, String name, Properties properties) {
    String to = properties.getProperty(name + ".to");
    if (to != null) {
      out.println(what + ": " + properties.getProperty(name, "none was made yet") + ", to " + to);
      print("last failure to send " + what, properties.getProperty(name + ".failure"));
    }
  }

  private void printState(Properties properties) {
    out.println(
        "spans: "
            + properties.getProperty("sonde.spans", "none was sent yet")
            + ", to "
            + properties.getProperty("sonde.spans.to"));
    String failure = properties.getProperty("sonde.spans.failure");
    if (failure != null) {
      out.println("last failure to send: " + failure);
    }
    printProfiles("profiles", "sonde.profiles", properties);
    printProfiles("profiles by OTLP", "sonde.otlp.profiles", properties);
    print("profiler", properties.getProperty("sonde.profiler"));
    print("profiling costs", properties.getProperty("sonde.profiler.cost"));
    print("CPU time of the agent's threads", properties.getProperty("sonde.threads"));
    String sampling = properties.getProperty("sonde.sampling");
    if (sampling != null) {
      out.println("sampling: " + sampling);
    }
    for (String name : new TreeSet<>(properties.stringPropertyNames())) {
      if (name.startsWith(SETTING)) {
        out.println(
            "set: " + name.substring(SETTING.length()) + '=' + properties.getProperty(name));
      }
    }
  }

  private void print(String what, @Nullable String value) {
    if (value != null) {
      out.println(what + ": " + value);
    }
  }

  private void explainAbsence(String wanted) {
    String internal = wanted.replace('.', '/');
    for (String[] rule : rules()) {
      for (String type : rule[1].split(" ")) {
        if (type.equals(internal)) {
          out.println(
              wanted + " is a target of " + library(rule[0]) + ", but that JVM has not loaded it");
          return;
        }
      }
    }
    out.println(
        libraries().contains(wanted.toLowerCase(Locale.ROOT))
            ? "no target of " + wanted + " was loaded in that JVM"
            : "no library and no target is called "
                + wanted
                + "; libraries: "
                + String.join(" ", libraries()));
  }

  private Set<String> libraries() {
    Set<String> names = new TreeSet<>();
    for (String[] rule : rules()) {
      names.add(library(rule[0]));
    }
    return names;
  }

  private static String library(String advice) {
    String[] parts = advice.split("/");
    return parts.length > 3 ? parts[3] : advice;
  }

  private List<String[]> rules() {
    List<String[]> rules = new ArrayList<>();
    try (JarFile file = new JarFile(jar);
        BufferedReader reader =
            new BufferedReader(
                new InputStreamReader(file.getInputStream(file.getEntry("inst/index")), "UTF-8"))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        rules.add(line.split("\t"));
      }
    } catch (IOException e) {
      throw new CommandException("cannot read " + jar + ": " + e);
    }
    return rules;
  }
}
