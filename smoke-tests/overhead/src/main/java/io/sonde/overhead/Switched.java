package io.sonde.overhead;

import com.sun.tools.attach.AgentInitializationException;
import com.sun.tools.attach.AgentLoadException;
import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One server whose profiler is switched off and on in turn: what profiling takes of the
 * application's threads, since two JVMs differ by more than that. Another one without a profiler
 * has the same load at the same time, and how fast the machine is just then is seen by it.
 */
final class Switched {
  static final String OFF = "profiler off";
  static final String ON = "profiler on";

  /** A whole window, since some samples are taken in a part of it only. */
  private static final int SECONDS = 15;

  /** After so many windows within what samples may take the governor has settled. */
  private static final int SETTLED = 3;

  /** So many windows it has for that. */
  private static final int MOST_TO_SETTLE = 20;

  private static final Pattern APPLICATION =
      Pattern.compile(
          "about ([0-9.]+) % the application's, .* allowed, ([0-9.]+) % the application's");

  /** A profiler that was switched on begins with a short window. */
  private static final long BEGIN_MILLIS = 3_000;

  private static final long SETTLE_MILLIS = 500;

  private static final int LEAST_ROUNDS = 2;

  private final Server server;
  private final Server beside;
  private final Path jar;
  private final int rate;
  private final Rounds<Slice> rounds = new Rounds<>();
  private final List<Double> noise = new ArrayList<>();
  private double firstBeside;
  private String governor = "";

  /**
   * @param rate of both servers together
   */
  Switched(Server server, Server beside, Path jar, int rate) {
    this.server = server;
    this.beside = beside;
    this.jar = jar;
    this.rate = rate / 2;
  }

  /** In turn until the time is over. What changes in the course of time is not the profiler's. */
  void run(Deadline deadline) throws InterruptedException {
    settle();
    Slice before = slice(OFF);
    for (int round = 1; round <= LEAST_ROUNDS || !deadline.isOver(); round++) {
      Slice on = slice(ON);
      Slice after = slice(OFF);
      rounds.add(OFF, before.plus(after));
      rounds.add(ON, on);
      noise.add(after.applicationMillisPerThousand() / before.applicationMillisPerThousand());
      System.err.printf(
          Locale.ROOT,
          "switched, ms of the application's threads per 1,000 requests: off %.0f, on %.0f, off %.0f%n",
          before.applicationMillisPerThousand(),
          on.applicationMillisPerThousand(),
          after.applicationMillisPerThousand());
      before = after;
    }
    tell(ON);
  }

  /** The governor thins what costs too much of the same load. */
  private void settle() throws InterruptedException {
    int within = 0;
    for (int window = 0; window < MOST_TO_SETTLE && within < SETTLED; window++) {
      server.load(SECONDS * rate, rate);
      governor = said(jvm -> {}).getProperty("sonde.profiler.cost", "");
      Matcher costs = APPLICATION.matcher(governor);
      boolean isWithin =
          costs.find() && Double.parseDouble(costs.group(1)) <= Double.parseDouble(costs.group(2));
      within = isWithin ? within + 1 : 0;
    }
  }

  /** Both at once, as if the machine were as fast as it was the first time. */
  private Slice slice(String command) throws InterruptedException {
    tell(command);
    Thread.sleep(BEGIN_MILLIS);
    ProfileSink.Counts before = server.profiles();
    ExecutorService thread = Executors.newSingleThreadExecutor();
    try {
      Future<Slice> other = thread.submit(() -> beside.slice(rate * SECONDS, rate, SETTLE_MILLIS));
      Slice slice = server.slice(rate * SECONDS, rate, SETTLE_MILLIS);
      long uploads = server.profiles().since(before).uploads();
      if ((uploads > 0) != command.equals(ON)) {
        throw new IllegalStateException(command + ", and " + uploads + " uploads of profiles");
      }
      double millis = other.get().applicationMillisPerThousand();
      firstBeside = firstBeside == 0 ? millis : firstBeside;
      return slice.slower(firstBeside / millis);
    } catch (ExecutionException e) {
      throw new IllegalStateException("the server beside has no load", e);
    } finally {
      thread.shutdown();
    }
  }

  private void tell(String command) {
    Properties said = said(jvm -> jvm.loadAgent(jar.toString(), command));
    String problem = said.getProperty("sonde.profiler.problem", "");
    if (!problem.isEmpty()) {
      throw new IllegalStateException(command + ": " + problem);
    }
    governor = said.getProperty("sonde.profiler.cost", "");
  }

  /** Something that is done to a JVM before it is asked. */
  private interface Deed {
    void to(VirtualMachine jvm)
        throws AgentLoadException, AgentInitializationException, IOException;
  }

  private Properties said(Deed deed) {
    try {
      VirtualMachine jvm = VirtualMachine.attach(String.valueOf(server.pid()));
      try {
        deed.to(jvm);
        return jvm.getAgentProperties();
      } finally {
        jvm.detach();
      }
    } catch (AttachNotSupportedException
        | AgentLoadException
        | AgentInitializationException
        | IOException e) {
      throw new IllegalStateException("cannot reach the profiler of " + server.pid(), e);
    }
  }

  Rounds<Slice> rounds() {
    return rounds;
  }

  /** Without a profiler, by what it was some seconds before. */
  Spread noise() {
    return new Spread(noise);
  }

  /** Of each of the two. */
  int rate() {
    return rate;
  }

  /** What the profiler said last of its own cost, and of what it did about that. */
  String governor() {
    return governor;
  }
}
