package io.sonde.core;

import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Where everything ends that an instrumentation throws: woven code calls it from the handler around
 * each call of ours.
 */
public final class Fence {
  private static volatile @Nullable Listener listener;

  private static final LongAdder FAILURES = new LongAdder();

  private Fence() {}

  /** Called by woven code; never throws. */
  public static void failed(Throwable thrown, int rule) {
    FAILURES.increment();
    Listener to = listener;
    if (to != null) {
      try {
        to.failed(rule, thrown);
      } catch (Throwable ignored) {
        // The application's call matters more than our count of failures.
      }
    }
  }

  /** How many calls of ours failed so far. */
  public static long failures() {
    return FAILURES.sum();
  }

  /** Sets who is told of failures. */
  public static void listener(Listener to) {
    listener = to;
  }

  /** Counts failures and takes rules out. */
  public interface Listener {
    /** A rule's code threw. */
    void failed(int rule, Throwable thrown);
  }
}
