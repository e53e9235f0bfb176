package io.sonde.agent.cli;

import java.io.File;
import java.io.PrintStream;
import java.util.Properties;

/** {@code attach PID}: loads the agent into a running JVM. */
final class Attach {
  private final File jar;
  private final PrintStream out;

  Attach(File jar, PrintStream out) {
    this.jar = jar;
    this.out = out;
  }

  int run(String[] arguments) {
    if (arguments.length != 1) {
      throw new CommandException("expected: attach PID (jps lists the JVMs)");
    }
    VirtualMachines machine = VirtualMachines.attach(arguments[0]);
    try {
      Properties before = machine.agentProperties();
      if (before.getProperty(Why.ABOUT) != null) {
        out.println(
            "Sonde is in JVM " + arguments[0] + " already: " + before.getProperty(Why.ABOUT));
        return 0;
      }
      machine.loadAgent(jar.getAbsoluteFile(), "");
      if (machine.agentProperties().getProperty(Why.ABOUT) == null) {
        throw new CommandException(
            "Sonde was loaded into JVM "
                + arguments[0]
                + " but does not run there: what that JVM said on stderr names the reason, or a"
                + " setting there switches it off");
      }
      out.println(
          "Sonde is in JVM "
              + arguments[0]
              + " now; 'why "
              + arguments[0]
              + "' tells what it wove.");
      return 0;
    } finally {
      machine.detach();
    }
  }
}
