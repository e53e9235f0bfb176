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
 * What profiling takes of the application's threads: two servers with a profiler each, of which one
 * is on at any time. Two JVMs differ by more than that, and so does the machine from one moment to
 * the next. But each server is compared with itself, and at each moment one has the profiler.
 */
final class Switched {
  static final String OFF = "profiler off";
  static final String ON = "profiler on";

  /** A whole window, since some samples are taken in a part of it only. */
  private static final int WINDOW_SECONDS = 15;

  /** Several, since a profiler that has just begun takes more than one that goes on. */
  private static final int SECONDS = 4 * WINDOW_SECONDS;

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

  private final List<Server> servers;
  private final Path jar;
  private final int rate;
  private final boolean quick;
  private final Rounds<Slice> rounds = new Rounds<>();
  private final List<Double> noise = new ArrayList<>();
  private String governor = "";

  /**
   * @param rate of both servers together
   */
  Switched(Server one, Server other, Path jar, int rate, boolean quick) {
    servers = List.of(one, other);
    this.jar = jar;
    this.rate = rate / 2;
    this.quick = quick;
  }

  /** Of both servers at the same time, in their order. */
  private record Slices(Slice one, Slice other) {
    Slice of(int server) {
      return server == 0 ? one : other;
    }

    /** By how much one differs from the other, which the machine's speed has no part in. */
    double logRatio() {
      return Math.log(one.applicationMillisPerThousand() / other.applicationMillisPerThousand());
    }
  }

  /** In turn until the time is over, the one that had it last keeping it for the next round. */
  void run(Deadline deadline) throws InterruptedException {
    for (Server server : servers) {
      tell(server, ON);
    }
    if (!quick) {
      settle();
    }
    Slices before = null;
    for (int round = 1; round <= LEAST_ROUNDS || !quick && !deadline.isOver(); round++) {
      int first = round % 2;
      Slices begins = slices(first);
      if (before != null) { // nothing was switched between them
        noise.add(Math.exp((begins.logRatio() - before.logRatio()) / 2));
      }
      Slices ends = slices(1 - first);
      Slice on = begins.of(first).plus(ends.of(1 - first));
      Slice off = begins.of(1 - first).plus(ends.of(first));
      rounds.add(OFF, off);
      rounds.add(ON, on);
      System.err.printf(
          Locale.ROOT,
          "switched, ms of the application's threads per 1,000 requests: off %.0f, on %.0f%n",
          off.applicationMillisPerThousand(),
          on.applicationMillisPerThousand());
      before = ends;
    }
    for (Server server : servers) {
      tell(server, OFF);
    }
  }

  /** Nothing of it is to be seen until it runs. */
  void rest() {
    tell(servers.get(1), OFF);
  }

  /** The governor thins what costs too much of the same load. */
  private void settle() throws InterruptedException {
    int within = 0;
    for (int window = 0; window < MOST_TO_SETTLE && within < SETTLED; window++) {
      both(server -> server.load(WINDOW_SECONDS * rate, rate));
      within = servers.stream().allMatch(this::isWithin) ? within + 1 : 0;
    }
  }

  private boolean isWithin(Server server) {
    String cost = said(server, jvm -> {}).getProperty("sonde.profiler.cost", "");
    Matcher costs = APPLICATION.matcher(cost);
    return costs.find() && Double.parseDouble(costs.group(1)) <= Double.parseDouble(costs.group(2));
  }

  /** What is done with a server. */
  private interface Work<T> {
    T with(Server server) throws InterruptedException;
  }

  /** With both servers at the same time. */
  private <T> List<T> both(Work<T> work) throws InterruptedException {
    ExecutorService thread = Executors.newSingleThreadExecutor();
    try {
      Future<T> other = thread.submit(() -> work.with(servers.get(1)));
      T one = work.with(servers.get(0));
      return List.of(one, other.get());
    } catch (ExecutionException e) {
      throw new IllegalStateException("a server has no load", e);
    } finally {
      thread.shutdown();
    }
  }

  private Slices slices(int on) throws InterruptedException {
    Server profiled = servers.get(on);
    Server other = servers.get(1 - on);
    ProfileSink.Counts before = profiled.profiles();
    tell(profiled, ON);
    tell(other, OFF);
    Thread.sleep(BEGIN_MILLIS);
    ProfileSink.Counts without = other.profiles();
    List<Slice> both = both(server -> server.slice(rate * seconds(), rate, SETTLE_MILLIS));
    if (profiled.profiles().since(before).uploads() == 0) {
      throw new IllegalStateException(ON + ", and no upload of profiles");
    }
    if (other.profiles().since(without).uploads() != 0) {
      throw new IllegalStateException(OFF + ", and uploads of profiles");
    }
    return new Slices(both.get(0), both.get(1));
  }

  private void tell(Server server, String command) {
    Properties said = said(server, jvm -> jvm.loadAgent(jar.toString(), command));
    String problem = said.getProperty("sonde.profiler.problem", "");
    if (!problem.isEmpty()) {
      throw new IllegalStateException(command + ": " + problem);
    }
    governor = command.equals(OFF) ? said.getProperty("sonde.profiler.cost", "") : governor;
  }

  /** Something that is done to a JVM before it is asked. */
  private interface Deed {
    void to(VirtualMachine jvm)
        throws AgentLoadException, AgentInitializationException, IOException;
  }

  private Properties said(Server server, Deed deed) {
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

  /** The same of two times between which nothing was switched. */
  Spread noise() {
    return new Spread(noise);
  }

  /** How long each of them has its profiler on. */
  int seconds() {
    return quick ? WINDOW_SECONDS : SECONDS;
  }

  /** Of each of the two. */
  int rate() {
    return rate;
  }

  /** What one of them said last of its own cost, and of what it did about that. */
  String governor() {
    return governor;
  }
}
