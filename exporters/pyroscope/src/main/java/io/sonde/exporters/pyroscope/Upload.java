package io.sonde.exporters.pyroscope;

import io.sonde.profiler.pprof.ProfileType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** What goes in one request: the encoded profiles of one window. */
final class Upload {
  final long startEpochNanos;
  final long endEpochNanos;
  final List<Part> parts;
  final int bytes;
  int tries;

  /** One profile. */
  static final class Part {
    final ProfileType type;
    final byte[] pprof;

    Part(ProfileType type, byte[] pprof) {
      this.type = type;
      this.pprof = pprof;
    }
  }

  Upload(long startEpochNanos, long endEpochNanos, List<Part> parts) {
    this.startEpochNanos = startEpochNanos;
    this.endEpochNanos = endEpochNanos;
    this.parts = parts;
    int sum = 0;
    for (Part part : parts) {
      sum += part.pprof.length;
    }
    bytes = sum;
  }

  /** One for each profile. */
  List<Upload> split() {
    List<Upload> each = new ArrayList<>(parts.size());
    for (Part part : parts) {
      each.add(new Upload(startEpochNanos, endEpochNanos, Collections.singletonList(part)));
    }
    return each;
  }
}
