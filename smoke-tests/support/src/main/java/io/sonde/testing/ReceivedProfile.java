package io.sonde.testing;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * A profile as it arrived: the labels of its series, and its samples with names instead of numbers.
 *
 * <p>{@code types} are Pyroscope's names of the profile types, one a value of each sample.
 */
public record ReceivedProfile(
    Map<String, String> labels,
    List<String> types,
    List<Sample> samples,
    long period,
    long epochNanos,
    long durationNanos,
    int rawBytes,
    String comment) {

  /** A stack from the leaf on, with its values and labels. */
  public record Sample(List<Frame> stack, List<Long> values, Map<String, String> labels) {
    /** The label's value, or an empty text. */
    public String label(String name) {
      return labels.getOrDefault(name, "");
    }

    /** Whether a frame has this name. */
    public boolean has(String name) {
      return stack.stream().anyMatch(frame -> frame.name.equals(name));
    }
  }

  /** A frame; {@code mapping} tells native from Java code, and an address of 0 is none. */
  public record Frame(
      String name, String systemName, String file, int line, String mapping, long address) {
    /** Without an address. */
    public Frame(String name, String systemName, String file, int line, String mapping) {
      this(name, systemName, file, line, mapping, 0);
    }
  }

  /** Reads gzip pprof, strictly. */
  public static ReceivedProfile of(Map<String, String> labels, byte[] gzipPprof) {
    try {
      return PprofReader.read(labels, gzipPprof);
    } catch (IOException e) {
      throw new IllegalArgumentException("not a valid pprof: " + e.getMessage(), e);
    }
  }

  /** The sum of the values at this place over the samples that match. */
  public long sum(int value, Predicate<Sample> filter) {
    return samples.stream().filter(filter).mapToLong(sample -> sample.values.get(value)).sum();
  }
}
