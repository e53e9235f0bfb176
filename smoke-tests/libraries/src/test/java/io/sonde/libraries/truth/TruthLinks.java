package io.sonde.libraries.truth;

import io.sonde.testing.ReceivedSpan;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The links of a run, from its start on.
 *
 * @param linked spans that name their profile
 * @param dead those of them that have no sample
 * @param sampled spans that have samples, linked or not
 */
record TruthLinks(long linked, long dead, long sampled) {
  static TruthLinks of(List<ReceivedSpan> spans, List<TruthSample> samples) {
    Set<String> sampled = new HashSet<>();
    samples.forEach(sample -> sampled.add(sample.span()));
    long linked = 0;
    long dead = 0;
    long all = 0;
    for (ReceivedSpan span : spans) {
      boolean has = sampled.contains(span.spanId());
      all += has ? 1 : 0;
      if (span.attribute("pyroscope.profile.id") != null) {
        linked++;
        dead += has ? 0 : 1;
      }
    }
    return new TruthLinks(linked, dead, all);
  }

  /** Spans that have samples and say so. */
  long alive() {
    return linked - dead;
  }

  @Override
  public String toString() {
    return "%d of %d dead, %d of %d spans with samples".formatted(dead, linked, alive(), sampled);
  }
}
