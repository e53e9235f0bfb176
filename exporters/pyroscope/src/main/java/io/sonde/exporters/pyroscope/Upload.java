package io.sonde.exporters.pyroscope;

import io.sonde.profiler.pprof.ProfileType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What goes in one request: the encoded profiles of one window. */
final class Upload {
  final long startEpochNanos;
  final long endEpochNanos;
  final List<Part> parts;
  final int bytes;
  int tries;

  /** One profile, or a recording of all of them, which has no type. */
  static final class Part {
    final @Nullable ProfileType type;
    final byte[] content;

    /** How often a second CPU time was sampled in a recording. */
    final long sampleRate;

    Part(ProfileType type, byte[] pprof) {
      this.type = type;
      content = pprof;
      sampleRate = 0;
    }

    Part(byte[] recording, long sampleRate) {
      type = null;
      content = recording;
      this.sampleRate = sampleRate;
    }
  }

  Upload(long startEpochNanos, long endEpochNanos, List<Part> parts) {
    this.startEpochNanos = startEpochNanos;
    this.endEpochNanos = endEpochNanos;
    this.parts = parts;
    int sum = 0;
    for (Part part : parts) {
      sum += part.content.length;
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
