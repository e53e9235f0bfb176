package io.sonde.agent.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;

/** Asks a java command for its version. */
final class Processes {
  private Processes() {}

  static String version(String java) {
    try {
      Process process =
          new ProcessBuilder(java, "-XshowSettings:properties", "-version")
              .redirectErrorStream(true)
              .start();
      process.getOutputStream().close();
      try (BufferedReader reader =
          new BufferedReader(new InputStreamReader(process.getInputStream(), "UTF-8"))) {
        String version = "unknown";
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
          int at = line.indexOf("java.specification.version = ");
          if (at >= 0) {
            version = line.substring(line.indexOf('=') + 1).trim();
          }
        }
        return version;
      }
    } catch (IOException e) {
      throw new CommandException("cannot run '" + java + "': " + e.getMessage());
    }
  }

  static int major(String version) {
    String number = version.startsWith("1.") ? version.substring(2) : version;
    try {
      return Integer.parseInt(number);
    } catch (NumberFormatException e) {
      return 0;
    }
  }
}
