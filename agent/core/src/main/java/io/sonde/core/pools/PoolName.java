package io.sonde.core.pools;

/** Names of pools without the numbers that would make each run's another. */
final class PoolName {
  private static final int LONGEST = 100;

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
    return trimmed(thread);
  }

  /** A name without the number at its end. */
  private static String trimmed(String name) {
    int end = name.length();
    while (end > 0 && isNumber(name.charAt(end - 1))) {
      end--;
    }
    if (end < name.length()) {
      while (end > 0 && "-_#.: ".indexOf(name.charAt(end - 1)) >= 0) {
        end--;
      }
    }
    return end == 0 ? "unnamed" : cut(name.substring(0, end));
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
