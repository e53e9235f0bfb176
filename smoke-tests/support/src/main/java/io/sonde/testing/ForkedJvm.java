package io.sonde.testing;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A JVM started for a test, with its output kept, one deadline for each wait, and no way to outlive
 * the test: {@link #close} kills what {@link #stop} did not end, and so does the end of this JVM.
 */
public final class ForkedJvm implements AutoCloseable {
  private static final Pattern READY = Pattern.compile("\\bREADY (\\d+)");
  private static final Set<Process> ALIVE = ConcurrentHashMap.newKeySet();

  static {
    Runtime.getRuntime()
        .addShutdownHook(new Thread(() -> ALIVE.forEach(Process::destroyForcibly), "kill-forks"));
  }

  private final Process process;
  private final List<String> command;
  private final Output stdout;
  private final Output stderr;

  ForkedJvm(ProcessBuilder builder) throws IOException {
    this.command = List.copyOf(builder.command());
    this.process = builder.start();
    ALIVE.add(process);
    process.getOutputStream().close();
    this.stdout = Output.of(process.getInputStream(), "stdout of " + process.pid());
    this.stderr = Output.of(process.getErrorStream(), "stderr of " + process.pid());
  }

  /** A JVM to be started on this JDK. */
  public static JvmLaunch on(Jdk jdk) {
    return new JvmLaunch(jdk);
  }

  /** A JVM to be started on the JDK of this test. */
  public static JvmLaunch onCurrent() {
    return on(Jdks.current());
  }

  public long pid() {
    return process.pid();
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  public List<String> command() {
    return command;
  }

  /** The lines of standard output so far. */
  public List<String> stdout() {
    return stdout.lines();
  }

  /** The lines of standard error so far. */
  public List<String> stderr() {
    return stderr.lines();
  }

  /** Waits for {@code READY port} on standard output and returns the port. */
  public int awaitPort(Duration timeout) {
    return Integer.parseInt(awaitLine(READY, timeout).group(1));
  }

  /** Waits for a match in a line of standard output. */
  public Matcher awaitLine(Pattern pattern, Duration timeout) {
    return await(stdout, "standard output", pattern, timeout);
  }

  /** Waits for a match in a line of standard error. */
  public Matcher awaitErrorLine(Pattern pattern, Duration timeout) {
    return await(stderr, "standard error", pattern, timeout);
  }

  private Matcher await(Output output, String where, Pattern pattern, Duration timeout) {
    Matcher found = output.await(pattern, timeout);
    if (found == null) {
      throw failure(
          "no line like '" + pattern + "' on " + where + " within " + timeout.toMillis() + " ms");
    }
    return found;
  }

  /** Waits until it has ended by itself and returns its exit code; its output is then complete. */
  public int awaitExit(Duration timeout) {
    if (!waitFor(timeout)) {
      throw failure("still running after " + timeout.toMillis() + " ms");
    }
    return process.exitValue();
  }

  /** Asks it to end, as a container runtime would (SIGTERM), and returns its exit code. */
  public int stop(Duration timeout) {
    process.toHandle().destroy(); // Process.destroy would close the streams before the last words
    return awaitExit(timeout);
  }

  /** Sends SIGKILL if it is still running. */
  @Override
  public void close() {
    process.destroyForcibly();
    waitFor(Duration.ofSeconds(10));
  }

  private boolean waitFor(Duration timeout) {
    try {
      boolean ended = process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS);
      if (ended) {
        ALIVE.remove(process);
        stdout.awaitEnd();
        stderr.awaitEnd();
      }
      return ended;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failure("interrupted while waiting for it");
    }
  }

  /** An error that shows this JVM's command, state and output. */
  public AssertionError failure(String complaint) {
    String state = process.isAlive() ? "running" : "exit code " + process.exitValue();
    return new AssertionError(
        complaint
            + "\n  command: "
            + String.join(" ", command)
            + "\n  state: "
            + state
            + "\n  stdout:\n"
            + stdout.tail()
            + "  stderr:\n"
            + stderr.tail());
  }
}
