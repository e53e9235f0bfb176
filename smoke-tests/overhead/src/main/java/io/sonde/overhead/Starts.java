package io.sonde.overhead;

import io.sonde.testing.Jdk;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** Starts of one application in several variants, interleaved, every second round backwards. */
final class Starts {
  private final Jdk jdk;
  private final Subject subject;
  private final List<Variant> variants;
  private final List<String> jvmArgs;
  private final Rounds<Start> rounds = new Rounds<>();
  private final Map<String, Double> spansPerStart = new HashMap<>();

  Starts(Jdk jdk, Subject subject, List<Variant> variants, List<String> jvmArgs) {
    this.jdk = jdk;
    this.subject = subject;
    this.variants = variants;
    this.jvmArgs = jvmArgs;
  }

  /** Runs so many rounds, at least one, and none that would begin after the deadline. */
  void run(int most, Deadline deadline) throws InterruptedException {
    Map<String, Sinks> sinks = new HashMap<>();
    variants.forEach(variant -> sinks.put(variant.name(), new Sinks()));
    try {
      for (int round = 1; round <= most && (round == 1 || !deadline.isOver()); round++) {
        List<Variant> order = new ArrayList<>(variants);
        if (round % 2 == 0) {
          Collections.reverse(order);
        }
        StringBuilder progress = new StringBuilder();
        Map<String, Start> measured = new HashMap<>();
        for (Variant variant : order) {
          Sinks sink = Objects.requireNonNull(sinks.get(variant.name()));
          Start start = Start.measure(jdk, subject, variant, jvmArgs, sink);
          measured.put(variant.name(), start);
          progress.append(
              String.format(
                  Locale.ROOT,
                  "  %s %.2f s (CPU %.2f s)",
                  variant.name(),
                  start.wallMillis() / 1e3,
                  start.cpuMillis() / 1e3));
        }
        for (Variant variant : variants) {
          rounds.add(variant.name(), Objects.requireNonNull(measured.get(variant.name())));
        }
        System.err.println("start of " + subject.name() + ", " + jdk + ":" + progress);
      }
      sinks.forEach(
          (name, sink) ->
              spansPerStart.put(name, (double) sink.spans().counts().spans() / rounds.count()));
    } finally {
      sinks.values().forEach(Sinks::close);
    }
  }

  Jdk jdk() {
    return jdk;
  }

  Subject subject() {
    return subject;
  }

  Rounds<Start> rounds() {
    return rounds;
  }

  double spansPerStart(String variant) {
    return spansPerStart.getOrDefault(variant, 0.0);
  }
}
