package io.sonde.profiler;

import org.jspecify.annotations.Nullable;

/** The inside of Flight Recorder, which the JVM keeps from us until the agent opens it. */
public final class Inside {
  private static volatile @Nullable Runnable opener;

  private Inside() {}

  /** The agent can, by that, as often as it is asked to. */
  public static void openedBy(Runnable how) {
    opener = how;
  }

  /** Opens it, where somebody can. */
  public static void open() {
    Runnable how = opener;
    if (how != null) {
      how.run();
    }
  }
}
