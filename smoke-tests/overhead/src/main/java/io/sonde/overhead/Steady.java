package io.sonde.overhead;

import io.sonde.testing.ForkedJvm;
import io.sonde.testing.Jdk;
import io.sonde.testing.Ports;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Shops of all variants alive at once beside one stock without an agent; load goes to one after the
 * other in short slices, forwards and then backwards, at a rate well below what the machine can do.
 */
final class Steady {
  private static final double SHARE_OF_CAPACITY = 0.35;
  private static final long SETTLE_MILLIS = 1_300;
  private static final int WARM_UP_STEP = 1_000;

  private final Settings settings;
  private final Jdk jdk;
  private final List<Variant> variants;
  private final Rounds<Slice> rounds = new Rounds<>();
  private final Map<String, State> states = new LinkedHashMap<>();
  private final Together together = new Together();
  private @Nullable Switched switched;
  private int rate;
  private int warmUp;
  private boolean quiet;

  /** A server at the end. */
  record State(double rssMiB, long threads, long classes, double spansPerRequest, long failed) {}

  Steady(Settings settings, Jdk jdk, List<Variant> variants) {
    this.settings = settings;
    this.jdk = jdk;
    this.variants = variants;
  }

  void run(Deadline deadline) throws InterruptedException {
    run(
        deadline,
        servers -> {
          List<Server> compared = servers.subList(0, variants.size());
          Switched last = switched(servers);
          last.rest();
          measure(compared, deadline.halfway());
          together.run(compared, rate, settings.quick());
          last.run(deadline);
        });
  }

  /** Nothing but the profilers of two servers, off and on in turn. */
  void runSwitched(Deadline deadline) throws InterruptedException {
    run(deadline, servers -> switched(servers).run(deadline));
  }

  /** What is done with servers that are warm. */
  private interface Measurement {
    void of(List<Server> servers) throws InterruptedException;
  }

  private void run(Deadline deadline, Measurement measurement) throws InterruptedException {
    Path shop = settings.shopJar();
    int stockPort = Ports.free();
    List<Server> servers = new ArrayList<>();
    try (Sinks unused = new Sinks();
        ForkedJvm stock =
            Variant.bare()
                .apply(Subject.shop(shop).launcher().on(jdk, stockPort), unused)
                .arg("--spring.profiles.active=stock", "--spring.application.name=stock")
                .start()) {
      Start.awaitAnswer(stock, stockPort, "/stock/1");
      for (Variant variant : variants) {
        servers.add(new Server(jdk, shop, variant, settings.jvmArgs(), stockPort));
      }
      Variant again = Variant.sondeProfilingAgain(settings.sondeJar());
      servers.add(new Server(jdk, shop, again, settings.jvmArgs(), stockPort));
      warmUp(servers, deadline);
      measurement.of(servers);
    } finally {
      servers.forEach(Server::close);
    }
  }

  private Switched switched(List<Server> servers) {
    Server profiling = named(servers, Variant.SONDE_PROFILING);
    Server again = named(servers, Variant.SONDE_PROFILING_AGAIN);
    Switched made = new Switched(profiling, again, settings.sondeJar(), rate, settings.quick());
    switched = made;
    return made;
  }

  private static Server named(List<Server> servers, String variant) {
    return servers.stream()
        .filter(server -> server.variant().name().equals(variant))
        .findFirst()
        .orElseThrow();
  }

  /** Until the JIT is quiet in all of them, or half of the time is over. */
  private void warmUp(List<Server> servers, Deadline deadline) throws InterruptedException {
    Deadline end = settings.quick() ? Deadline.inMillis(8_000) : deadline.halfway();
    double capacity = 0;
    int done = 0;
    while (capacity == 0 || !end.isOver() && !servers.stream().allMatch(Server::isWarm)) {
      for (Server server : servers) {
        double perSecond = server.flatOut(WARM_UP_STEP);
        capacity = server == servers.get(0) ? perSecond : capacity;
      }
      done += WARM_UP_STEP;
    }
    warmUp = done;
    quiet = servers.stream().allMatch(Server::isWarm);
    rate = (int) Math.max(20, capacity * SHARE_OF_CAPACITY);
    System.err.printf(
        Locale.ROOT,
        "load: %s %.0f requests/s; slices at %d/s%n",
        variants.get(0).name(),
        capacity,
        rate);
  }

  private void measure(List<Server> servers, Deadline deadline) throws InterruptedException {
    int requests = rate * (settings.quick() ? 1 : 3);
    Map<String, Long> spansBefore = new LinkedHashMap<>();
    Thread.sleep(2 * SETTLE_MILLIS);
    servers.forEach(server -> spansBefore.put(server.variant().name(), server.spans()));
    int done = 0;
    for (int round = 1; round <= settings.rounds() && (round == 1 || !deadline.isOver()); round++) {
      round(servers, requests);
      done = round;
    }
    for (Server server : servers) {
      String name = server.variant().name();
      double spans = server.spans() - spansBefore.getOrDefault(name, 0L);
      states.put(
          name,
          new State(
              Proc.rssMiB(server.pid()),
              Proc.threads(server.pid()),
              LoadedClasses.of(jdk, server.pid()).all(),
              spans / (2.0 * done * requests),
              server.unexpected()));
    }
  }

  private void round(List<Server> servers, int requests) throws InterruptedException {
    Map<String, Slice> first = new LinkedHashMap<>();
    for (Server server : servers) {
      first.put(server.variant().name(), server.slice(requests, rate, SETTLE_MILLIS));
    }
    List<Server> backwards = new ArrayList<>(servers);
    Collections.reverse(backwards);
    Map<String, Slice> second = new LinkedHashMap<>();
    for (Server server : backwards) {
      second.put(server.variant().name(), server.slice(requests, rate, SETTLE_MILLIS));
    }
    StringBuilder progress = new StringBuilder();
    first.forEach(
        (name, slice) -> {
          Slice both = slice.plus(Objects.requireNonNull(second.get(name)));
          rounds.add(name, both);
          progress.append(
              String.format(Locale.ROOT, "  %s %.0f", name, both.cpuMillisPerThousand()));
        });
    System.err.println("load, CPU ms per 1,000 requests:" + progress);
  }

  Rounds<Slice> rounds() {
    return rounds;
  }

  Together together() {
    return together;
  }

  Switched switched() {
    return Objects.requireNonNull(switched, "was not run");
  }

  Map<String, State> states() {
    return states;
  }

  /** How each server was warmed up, as a sentence. */
  String warmUp() {
    return String.format(
        Locale.ROOT,
        "Each server had answered %,d requests before, %s.",
        warmUp,
        quiet ? "until the JIT was quiet in all of them" : "and the JIT was still at work");
  }

  int rate() {
    return rate;
  }
}
