package io.sonde.overhead;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The same load on all servers at the same time, long enough for whole windows of profiles: what a
 * slice misses or has twice, the end of a window, is in here once for each window.
 */
final class Together {
  private static final int SECONDS = 60;
  private static final int SECONDS_WHEN_QUICK = 20;

  private final Map<String, Load> loads = new LinkedHashMap<>();
  private int seconds;
  private int rate;

  /** What a server did meanwhile. */
  record Load(
      long requests,
      double seconds,
      double cpuMillis,
      double jitMillis,
      double ownMillis,
      ProfileSink.Counts profiles) {

    double millisPerThousand() {
      return (cpuMillis - jitMillis) * 1_000 / requests;
    }

    /** CPU time of the agent's threads, as a percentage of one core. */
    double ownPercent() {
      return ownMillis / (seconds * 10);
    }
  }

  void run(List<Server> servers, int rateOfAll, boolean quick) throws InterruptedException {
    seconds = quick ? SECONDS_WHEN_QUICK : SECONDS;
    rate = Math.max(1, rateOfAll / servers.size());
    List<Thread> threads = new ArrayList<>();
    for (Server server : servers) {
      Thread thread = new Thread(() -> put(server, seconds), server.variant().name());
      threads.add(thread);
      thread.start();
    }
    for (Thread thread : threads) {
      thread.join();
    }
  }

  private void put(Server server, int seconds) {
    try {
      Load load = server.load(rate * seconds, rate);
      synchronized (loads) {
        loads.put(server.variant().name(), load);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  int seconds() {
    return seconds;
  }

  int rate() {
    return rate;
  }

  boolean has(String variant) {
    return loads.containsKey(variant);
  }

  Load of(String variant) {
    return loads.getOrDefault(variant, new Load(0, 0, 0, 0, 0, new ProfileSink.Counts(0, 0, 0)));
  }
}
