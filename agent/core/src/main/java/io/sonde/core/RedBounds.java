package io.sonde.core;

/** The bounds of a histogram's buckets, in seconds as they are shown and in nanoseconds. */
final class RedBounds {
  /** What the conventions advise for HTTP and messaging. */
  static final RedBounds HTTP =
      new RedBounds(0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10);

  /** What they advise for databases. */
  static final RedBounds DATABASE = new RedBounds(0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10);

  /** One bucket, for what is only counted. */
  static final RedBounds NONE = new RedBounds();

  final double[] seconds;
  private final long[] nanos;

  private RedBounds(double... seconds) {
    this.seconds = seconds;
    nanos = new long[seconds.length];
    for (int i = 0; i < seconds.length; i++) {
      nanos[i] = Math.round(seconds[i] * 1e9);
    }
  }

  int buckets() {
    return nanos.length + 1;
  }

  /** A bound belongs to the bucket below it. */
  int bucket(long duration) {
    int bucket = 0;
    while (bucket < nanos.length && duration > nanos[bucket]) {
      bucket++;
    }
    return bucket;
  }
}
