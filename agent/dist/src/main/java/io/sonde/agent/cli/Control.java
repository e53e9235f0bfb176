package io.sonde.agent.cli;

import io.sonde.agent.ProfilerCommand;
import java.io.File;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.Properties;

/**
 * {@code profiler PID [COMMAND]}: tells the profiler of a running JVM what to do, and what it does.
 *
 * <p>A command reaches the agent by loading it once more: its main class is there already, and gets
 * the command as arguments.
 */
final class Control {
  private static final String STATE = "sonde.profiler.state";
  private static final String PROBLEM = "sonde.profiler.problem";

  private final File jar;
  private final PrintStream out;

  Control(File jar, PrintStream out) {
    this.jar = jar;
    this.out = out;
  }

  int run(String[] arguments) {
    if (arguments.length == 0) {
      throw new CommandException("expected: profiler PID, or behind it " + ProfilerCommand.USAGE);
    }
    String[] words = Arrays.copyOfRange(arguments, 1, arguments.length);
    String command = words.length == 0 ? "" : check(words);
    VirtualMachines machine = VirtualMachines.attach(arguments[0]);
    Properties after;
    try {
      if (machine.agentProperties().getProperty(Why.ABOUT) == null) {
        throw new CommandException("JVM " + arguments[0] + " has no Sonde agent");
      }
      if (!command.isEmpty()) {
        machine.loadAgent(jar.getAbsoluteFile(), command);
      }
      after = machine.agentProperties();
    } finally {
      machine.detach();
    }
    String problem = command.isEmpty() ? "" : after.getProperty(PROBLEM, "this agent is too old");
    if (!problem.isEmpty()) {
      throw new CommandException("the profiler of JVM " + arguments[0] + ": " + problem);
    }
    out.println("profiler: " + after.getProperty(STATE, "off, nobody has asked for profiles"));
    return 0;
  }

  private static String check(String[] words) {
    try {
      return ProfilerCommand.of(words).arguments();
    } catch (IllegalArgumentException e) {
      throw new CommandException(String.valueOf(e.getMessage()));
    }
  }
}
