package io.sonde.libraries.truth;

import io.sonde.testing.PyroscopeSink;
import io.sonde.testing.ReceivedProfile;
import java.util.List;

/** What Sonde sent. */
record SondeProfiles(PyroscopeSink sink) implements TruthRun.Profiles {
  @Override
  public boolean begunAfter(long epochNanos) {
    return cpu().stream().anyMatch(profile -> profile.epochNanos() >= epochNanos);
  }

  /** Of CPU time. */
  @Override
  public int samples() {
    return cpu().stream().mapToInt(profile -> profile.samples().size()).sum();
  }

  private List<ReceivedProfile> cpu() {
    return sink.profiles().stream()
        .filter(profile -> TruthSample.kind(profile) == TruthSample.Kind.CPU)
        .toList();
  }

  List<TruthSample> all() {
    return sink.profiles().stream().flatMap(one -> TruthSample.of(one).stream()).toList();
  }
}
