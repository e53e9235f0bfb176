package io.sonde.agent.cli;

import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * {@code warm -- java …}: runs an application once to train an AOT cache that holds the agent's own
 * classes too.
 */
final class Warm {
  private static final int FIRST_JDK = 25;

  private final File jar;
  private final PrintStream out;
  private final PrintStream err;

  Warm(File jar, PrintStream out, PrintStream err) {
    this.jar = jar;
    this.out = out;
    this.err = err;
  }

  int run(String[] arguments) {
    String cache = "app.aot";
    long seconds = 0;
    int at = 0;
    while (at < arguments.length && !arguments[at].equals("--")) {
      String option = arguments[at++];
      if (at == arguments.length || !option.equals("-o") && !option.equals("-s")) {
        throw usage("'" + option + "' is neither -o FILE nor -s SECONDS");
      }
      if (option.equals("-o")) {
        cache = arguments[at++];
      } else {
        seconds = seconds(arguments[at++]);
      }
    }
    if (at + 1 >= arguments.length) {
      throw usage("no command after --");
    }
    List<String> command = Arrays.asList(arguments).subList(at + 1, arguments.length);
    requireJdk(command.get(0));
    return train(command, cache, seconds);
  }

  private static CommandException usage(String problem) {
    return new CommandException(
        problem + "; expected: warm [-o FILE] [-s SECONDS] -- java ARGUMENTS");
  }

  private static long seconds(String text) {
    try {
      long seconds = Long.parseLong(text);
      if (seconds > 0) {
        return seconds;
      }
    } catch (NumberFormatException e) {
      // Said below.
    }
    throw usage("-s '" + text + "' is not a number of seconds");
  }

  private static void requireJdk(String java) {
    String version = Processes.version(java);
    int major = Processes.major(version);
    if (major < FIRST_JDK) {
      throw new CommandException(
          "'"
              + java
              + "' is Java "
              + version
              + ", an AOT cache with an agent needs "
              + FIRST_JDK
              + " or newer");
    }
  }

  private int train(List<String> command, String cache, long seconds) {
    String path = jar.getPath();
    List<String> flags = Arrays.asList("-Xbootclasspath/a:" + path, "-javaagent:" + path);
    List<String> training = new ArrayList<>();
    training.add(command.get(0));
    training.addAll(flags);
    training.add("-XX:AOTCacheOutput=" + cache);
    training.addAll(command.subList(1, command.size()));
    long before = new File(cache).lastModified();
    int status = run(training, seconds);
    File made = new File(cache);
    if (!made.isFile() || made.lastModified() == before) {
      err.println(
          "[sonde] no cache was written to "
              + cache
              + " (exit status "
              + status
              + "); see the JVM's output above");
      return 1;
    }
    out.println(
        cache + " is ready, " + made.length() / (1 << 20) + " MiB. Start the application with:");
    List<String> start = new ArrayList<>(flags);
    start.add(0, command.get(0));
    start.add("-XX:AOTCache=" + cache);
    start.addAll(command.subList(1, command.size()));
    out.println("  " + String.join(" ", start));
    File woven = new File(cache + ".woven");
    if (woven.isFile()) {
      out.println("and keep " + woven + " beside it: it holds the classes that are woven.");
    }
    return 0;
  }

  private int run(List<String> command, long seconds) {
    try {
      Process process = new ProcessBuilder(command).inheritIO().start();
      Thread stop = new Thread(process::destroy);
      Runtime.getRuntime().addShutdownHook(stop);
      if (seconds > 0 && !process.waitFor(seconds, TimeUnit.SECONDS)) {
        process.destroy();
      }
      return process.waitFor();
    } catch (IOException e) {
      throw new CommandException("cannot run '" + command.get(0) + "': " + e.getMessage());
    } catch (InterruptedException e) {
      throw new CommandException("interrupted");
    }
  }
}
