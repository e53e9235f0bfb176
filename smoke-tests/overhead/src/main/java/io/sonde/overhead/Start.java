package io.sonde.overhead;

import io.sonde.testing.ForkedJvm;
import io.sonde.testing.HttpConnection;
import io.sonde.testing.Jdk;
import io.sonde.testing.Ports;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/**
 * What one start took: wall and CPU time until the first answer, and two seconds later, when also
 * that has happened which was only put off, CPU again, classes, memory and threads.
 */
record Start(
    double wallMillis,
    double cpuMillis,
    double laterCpuMillis,
    double classes,
    double sharedClasses,
    double rssMiB,
    double threads) {

  private static final Duration LATER = Duration.ofSeconds(2);
  private static final Duration DEADLINE = Duration.ofMinutes(2);

  static Start measure(Jdk jdk, Subject subject, Variant variant, List<String> jvmArgs, Sinks sinks)
      throws InterruptedException {
    int port = Ports.free();
    var launch = subject.launcher().on(jdk, port).jvmArg(jvmArgs.toArray(String[]::new));
    variant.apply(launch, sinks);
    long begin = System.nanoTime();
    try (ForkedJvm jvm = launch.start()) {
      awaitAnswer(jvm, port, subject.firstPage());
      long wall = System.nanoTime() - begin;
      long cpu = Proc.cpuMillis(jvm.pid());
      Thread.sleep(LATER.toMillis());
      long laterCpu = Proc.cpuMillis(jvm.pid());
      double rss = Proc.rssMiB(jvm.pid());
      long threads = Proc.threads(jvm.pid());
      LoadedClasses classes = LoadedClasses.of(jdk, jvm.pid());
      return new Start(wall / 1e6, cpu, laterCpu, classes.all(), classes.shared(), rss, threads);
    }
  }

  /** Asks until there is an answer, which must be a 200. */
  static void awaitAnswer(ForkedJvm jvm, int port, String page) throws InterruptedException {
    long deadline = System.nanoTime() + DEADLINE.toNanos();
    while (true) {
      try (HttpConnection http = new HttpConnection(port)) {
        int status = http.get(page);
        if (status != 200) {
          throw jvm.failure(page + " was answered by " + status);
        }
        return;
      } catch (IOException e) {
        if (!jvm.isAlive() || System.nanoTime() > deadline) {
          throw jvm.failure("no answer from port " + port + ": " + e.getMessage());
        }
        Thread.sleep(3);
      }
    }
  }
}
