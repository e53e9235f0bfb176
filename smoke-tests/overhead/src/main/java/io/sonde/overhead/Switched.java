package io.sonde.overhead;

import com.sun.tools.attach.AgentInitializationException;
import com.sun.tools.attach.AgentLoadException;
import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One server whose profiler is switched off and on in turn under the same load: what profiling
 * takes of the application's threads, since two JVMs differ by more than that.
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

  private static final Pattern SAMPLES =
      Pattern.compile("about ([0-9.]+) % samples, .* allowed, ([0-9.]+) % for samples");

  /** A profiler that was switched on begins with a short window. */
  private static final long BEGIN_MILLIS = 3_000;

  private static final long SETTLE_MILLIS = 500;

  private final Rounds<Slice> rounds = new Rounds<>();
  private int rate;
  private String governor = "";

  /** In turn until the time is over, as often in one order as in the other. */
  void run(Server server, Path jar, int rate, Deadline deadline) throws InterruptedException {
    this.rate = rate;
    settle(server);
    for (int round = 1; round <= 2 || round % 2 == 0 || !deadline.isOver(); round++) {
      boolean offFirst = round % 2 == 1;
      Slice first = slice(server, jar, offFirst ? OFF : ON);
      Slice second = slice(server, jar, offFirst ? ON : OFF);
      Slice off = offFirst ? first : second;
      Slice on = offFirst ? second : first;
      rounds.add(OFF, off);
      rounds.add(ON, on);
      System.err.printf(
          Locale.ROOT,
          "switched, ms of the application's threads per 1,000 requests: off %.0f, on %.0f%n",
          off.applicationMillisPerThousand(),
          on.applicationMillisPerThousand());
    }
    tell(server, jar, ON);
  }

  /** The governor thins what costs too much of the same load. */
  private void settle(Server server) throws InterruptedException {
    int within = 0;
    for (int window = 0; window < MOST_TO_SETTLE && within < SETTLED; window++) {
      server.load(SECONDS * rate, rate);
      governor = said(server, jvm -> {}).getProperty("sonde.profiler.cost", "");
      Matcher costs = SAMPLES.matcher(governor);
      boolean isWithin =
          costs.find() && Double.parseDouble(costs.group(1)) <= Double.parseDouble(costs.group(2));
      within = isWithin ? within + 1 : 0;
    }
  }

  private Slice slice(Server server, Path jar, String command) throws InterruptedException {
    tell(server, jar, command);
    Thread.sleep(BEGIN_MILLIS);
    ProfileSink.Counts before = server.profiles();
    Slice slice = server.slice(rate * SECONDS, rate, SETTLE_MILLIS);
    long uploads = server.profiles().since(before).uploads();
    if ((uploads > 0) != command.equals(ON)) {
      throw new IllegalStateException(command + ", and " + uploads + " uploads of profiles");
    }
    return slice;
  }

  private void tell(Server server, Path jar, String command) {
    Properties said = said(server, jvm -> jvm.loadAgent(jar.toString(), command));
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

  private static Properties said(Server server, Deed deed) {
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

  int rate() {
    return rate;
  }

  /** What the profiler said last of its own cost, and of what it did about that. */
  String governor() {
    return governor;
  }
}
