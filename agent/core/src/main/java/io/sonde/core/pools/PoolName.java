package io.sonde.core.pools;

/** Names of pools without the numbers and hashes that would make each run's another. */
final class PoolName {
  private static final int LONGEST = 100;

  /** Of an object's hash code nearly all have as many digits, and ports have fewer. */
  private static final int SHORTEST_HASH = 6;

  /** Such parts follow the first one of a UUID. */
  private static final int UUID_PART = 4;

  private PoolName() {}

  /**
   * A thread's name without the number at its end. The JDK's own names have a number of the pool as
   * well, which goes too.
   */
  static String ofThread(String thread) {
    if (thread.startsWith("pool-")) {
      int end = digits(thread, 5);
      if (end > 5 && thread.startsWith("-thread-", end)) {
        return "pool";
      }
    }
    if (thread.startsWith("ForkJoinPool-")) {
      return "ForkJoinPool";
    }
    if (thread.startsWith("ForkJoinPool.commonPool")) {
      return "ForkJoinPool.commonPool";
    }
    return named(trimmed(withoutHashes(cut(thread))));
  }

  /** The name that a pool of threads has by itself. */
  static String ofPool(String name) {
    return named(withoutHashes(cut(name)));
  }

  private static String named(String name) {
    return name.isEmpty() ? "unnamed" : name;
  }

  /**
   * A name without those of its parts that can only be hashes or ids, which are others in each run:
   * {@code Scheduler-5bf8fa12-1} is {@code Scheduler-1}.
   */
  private static String withoutHashes(String name) {
    StringBuilder kept = new StringBuilder(name.length());
    boolean within = false;
    for (int at = 0; at < name.length(); ) {
      int end = at;
      while (end < name.length() && !separates(name.charAt(end))) {
        end++;
      }
      within = isHash(name, at, end, within);
      if (within) {
        kept.setLength(withoutSeparators(kept, kept.length()));
      } else {
        kept.append(name, at, end);
      }
      for (at = end; at < name.length() && separates(name.charAt(at)); at++) {
        if (kept.length() > 0) {
          kept.append(name.charAt(at));
        }
      }
    }
    return kept.toString();
  }

  /** Whether a part is one; {@code behind} says that the part in front of it was. */
  private static boolean isHash(String name, int from, int to, boolean behind) {
    boolean digits = false;
    for (int i = from; i < to; i++) {
      char c = name.charAt(i);
      if (!isNumber(c) && (c < 'a' || c > 'f') && (c < 'A' || c > 'F')) {
        return false;
      }
      digits |= isNumber(c);
    }
    return digits && to - from >= SHORTEST_HASH || behind && to - from == UUID_PART;
  }

  private static boolean separates(char c) {
    return "-_#.:@ ".indexOf(c) >= 0;
  }

  private static int withoutSeparators(CharSequence name, int length) {
    int end = length;
    while (end > 0 && separates(name.charAt(end - 1))) {
      end--;
    }
    return end;
  }

  /** A name without the number at its end. */
  private static String trimmed(String name) {
    int end = name.length();
    while (end > 0 && isNumber(name.charAt(end - 1))) {
      end--;
    }
    return end == name.length() ? name : name.substring(0, withoutSeparators(name, end));
  }

  /** A name that is not too long. */
  static String cut(String name) {
    return name.length() <= LONGEST ? name : name.substring(0, LONGEST);
  }

  private static int digits(String text, int from) {
    int end = from;
    while (end < text.length() && isNumber(text.charAt(end))) {
      end++;
    }
    return end;
  }

  private static boolean isNumber(char c) {
    return c >= '0' && c <= '9';
  }
}
