package io.sonde.core;

/**
 * How much a span must have taken to be linked, learned from the spans of the windows that were
 * read.
 *
 * <p>What a span took is counted in distances of samples and falls into a bucket, four for each
 * doubling from a sixteenth on. Each bucket knows how many of its spans had no sample. Linked is
 * what falls into the lowest bucket from which on no more than {@link #DEAD} had none, all buckets
 * above it together, with some more for chance and with {@link #IMAGINED} spans that nobody saw.
 *
 * <p>Not thread-safe.
 */
final class LinkRule {
  /** The share of links that may have no sample; the next window is never quite like the last. */
  static final double DEAD = 0.07;

  private static final int BUCKETS = 44;

  /** The bucket of a sixteenth, as the upper bits of a double number it. */
  private static final int FIRST = Double.MAX_EXPONENT - 4 << 2;

  private static final int MANTISSA = 50;

  /** So many spans that had samples as often as chance gives stand beside those that were seen. */
  private static final double IMAGINED = 3;

  /** Of those that would be linked, older spans than so many weigh less and less. */
  private static final double REMEMBERED = 200;

  /** The same of all. */
  private static final double REMEMBERED_OF_ALL = 4000;

  /** So many spans show whether a window keeps what the windows before it promised. */
  private static final int ENOUGH = 20;

  /** So many of them may be dead beyond their share by chance. */
  private static final int CHANCE = 2;

  /** Samples that are so much further apart than in the window before may go on to drift. */
  private static final double STEADY = 1.5;

  private final boolean predicts;
  private final double[] all = new double[BUCKETS];
  private final double[] dead = new double[BUCKETS];
  private long distance;
  private int least = BUCKETS;

  /** Of the windows since the last verdict: what would have been linked, and was dead. */
  private int tried;

  private int failed;

  /** Whether what was learned before a window was right in it, and is likely to be so again. */
  private boolean proven;

  private boolean steady;

  /**
   * A new one, by which little or nothing is linked until spans were seen.
   *
   * @param predicts whether this is what samples are taken by, so that chance says how many a span
   *     has that was never seen; else what was learned is to be right in a window before it is used
   */
  LinkRule(boolean predicts, long distance) {
    this.predicts = predicts;
    this.distance = distance;
    learn(distance);
  }

  /** Whether a span that took so much is to be linked. */
  boolean suits(long taken) {
    return bucket(taken, distance) >= least && (predicts || proven && steady);
  }

  /** Whether a span that took so much says anything. */
  boolean matters(long taken) {
    return bucket(taken, distance) >= 0;
  }

  /** How far apart samples are, as far as that is known. */
  long distance() {
    return distance;
  }

  /** A span took so much while samples were so far apart. */
  void seen(long taken, long apart, boolean sampled) {
    int bucket = bucket(taken, apart);
    if (bucket >= 0) {
      all[bucket]++;
      dead[bucket] += sampled ? 0 : 1;
      tried += bucket >= least ? 1 : 0;
      failed += bucket >= least && !sampled ? 1 : 0;
    }
  }

  /** Decides by what was seen, for the time in which samples are so far apart. */
  void learn(long apart) {
    if (tried >= ENOUGH) {
      proven = failed <= CHANCE + DEAD * tried;
      tried = 0;
      failed = 0;
    }
    steady = apart <= STEADY * distance && distance <= STEADY * apart;
    distance = apart;
    least = BUCKETS;
    double spans = 0;
    double without = 0;
    double linked = 0;
    for (int i = BUCKETS - 1; i >= 0; i--) {
      double likely = predicts ? Math.exp(-edge(i)) : 0.5;
      spans += all[i];
      without += dead[i];
      boolean few =
          without + Math.sqrt(without) / 2 + IMAGINED * likely <= DEAD * (spans + IMAGINED);
      boolean alive = all[i] < 1 ? predicts && likely <= DEAD : dead[i] <= all[i] / 2;
      if (few && alive) {
        least = i;
        linked = spans;
      }
    }
    age(Math.min(1, Math.min(REMEMBERED / linked, REMEMBERED_OF_ALL / spans)));
  }

  private void age(double by) {
    for (int i = 0; i < BUCKETS && by < 1; i++) {
      all[i] *= by;
      dead[i] *= by;
    }
  }

  /** Samples are taken in another way from now on. */
  void forget() {
    for (int i = 0; i < BUCKETS; i++) {
      all[i] = 0;
      dead[i] = 0;
    }
    proven = false;
    tried = 0;
    failed = 0;
  }

  /** By exponent and two more bits of the quotient; below 0 where it is less than a sixteenth. */
  private static int bucket(long taken, long distance) {
    if (taken <= 0) {
      return -1;
    }
    long bits = Double.doubleToRawLongBits((double) taken / Math.max(1, distance));
    return Math.max(-1, Math.min(BUCKETS - 1, (int) (bits >>> MANTISSA) - FIRST));
  }

  /** Where the bucket begins. */
  private static double edge(int bucket) {
    return Double.longBitsToDouble((long) (bucket + FIRST) << MANTISSA);
  }
}
