package io.sonde.exporters.pyroscope;

import io.sonde.profiler.pprof.ProfileType;
import org.jspecify.annotations.Nullable;

/** What goes in one request: a profile of a window, or a recording of all of them. */
final class Upload {
  final long startEpochNanos;
  final long endEpochNanos;

  /** Gzip, the only kind that servers unpack. */
  final byte[] content;

  /** None where it is a recording. */
  final @Nullable ProfileType type;

  /** How often a second CPU time was sampled in a recording. */
  final long sampleRate;

  int tries;

  Upload(long startEpochNanos, long endEpochNanos, ProfileType type, byte[] pprof) {
    this(startEpochNanos, endEpochNanos, type, pprof, 0);
  }

  Upload(long startEpochNanos, long endEpochNanos, byte[] recording, long sampleRate) {
    this(startEpochNanos, endEpochNanos, null, recording, sampleRate);
  }

  private Upload(
      long startEpochNanos,
      long endEpochNanos,
      @Nullable ProfileType type,
      byte[] content,
      long sampleRate) {
    this.startEpochNanos = startEpochNanos;
    this.endEpochNanos = endEpochNanos;
    this.type = type;
    this.content = content;
    this.sampleRate = sampleRate;
  }

  /** Before compression, which gzip ends with. */
  long rawBytes() {
    long raw = 0;
    for (int i = 1; i <= Integer.BYTES && i <= content.length; i++) {
      raw = raw << 8 | content[content.length - i] & 0xff;
    }
    return raw;
  }
}
