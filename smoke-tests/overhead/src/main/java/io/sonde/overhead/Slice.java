package io.sonde.overhead;

import java.util.ArrayList;
import java.util.List;

/** What a server did for the requests of one round. */
record Slice(
    long requests,
    double cpuMillis,
    double jitMillis,
    double ownMillis,
    double allocatedBytes,
    List<Long> latencies) {

  Slice plus(Slice other) {
    List<Long> all = new ArrayList<>(latencies);
    all.addAll(other.latencies);
    return new Slice(
        requests + other.requests,
        cpuMillis + other.cpuMillis,
        jitMillis + other.jitMillis,
        ownMillis + other.ownMillis,
        allocatedBytes + other.allocatedBytes,
        all.stream().sorted().toList());
  }

  double cpuMillisPerThousand() {
    return cpuMillis * 1_000 / requests;
  }

  double jitMillisPerThousand() {
    return jitMillis * 1_000 / requests;
  }

  /**
   * What the requests cost: compiling what they run is a cost of the start, whenever it is done.
   */
  double requestMillisPerThousand() {
    return cpuMillisPerThousand() - jitMillisPerThousand();
  }

  /** Of the agents' threads. */
  double ownMillisPerThousand() {
    return ownMillis * 1_000 / requests;
  }

  /** What the application's threads, and collecting garbage, took. */
  double applicationMillisPerThousand() {
    return requestMillisPerThousand() - ownMillisPerThousand();
  }

  double bytesPerRequest() {
    return allocatedBytes / requests;
  }

  double latencyMillis(double quantile) {
    int last = latencies.size() - 1;
    return latencies.get((int) Math.round(quantile * last)) / 1e6;
  }
}
