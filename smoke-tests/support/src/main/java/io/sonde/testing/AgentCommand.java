package io.sonde.testing;

import java.time.Duration;

/** The agent's jar as a command: attach, why, and what else it can be asked for. */
public final class AgentCommand {
  private AgentCommand() {}

  /** Runs it on this JDK; what it said on standard output and then on standard error. */
  public static String run(Jdk jdk, String... arguments) {
    try (ForkedJvm command = ForkedJvm.on(jdk).jar(AgentJar.path()).arg(arguments).start()) {
      command.awaitExit(Duration.ofSeconds(60));
      return String.join("\n", command.stdout()) + "\n" + String.join("\n", command.stderr());
    }
  }
}
