package io.sonde.profiler;

import io.sonde.profiler.pprof.Profile;
import io.sonde.profiler.pprof.Windows;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/** Hands each window to several, one after the other. */
public final class Takers implements Windows {
  private final Windows[] all;

  /** To all of these. */
  public Takers(Windows... all) {
    this.all = all;
  }

  @Override
  public void window(long startEpochNanos, long endEpochNanos, List<Profile> profiles) {
    for (Windows taker : all) {
      taker.window(startEpochNanos, endEpochNanos, profiles);
    }
  }

  /** To the first alone: who takes recordings stands there, and a stream is read once. */
  @Override
  public void recording(long startEpochNanos, long endEpochNanos, long cpuPeriod, InputStream jfr)
      throws IOException {
    all[0].recording(startEpochNanos, endEpochNanos, cpuPeriod, jfr);
  }

  @Override
  public void withheld(String why) {
    all[0].withheld(why);
  }

  @Override
  public boolean isAwaited(long startEpochNanos) {
    for (Windows taker : all) {
      if (taker.isAwaited(startEpochNanos)) {
        return true;
      }
    }
    return false;
  }

  @Override
  public void rare(boolean rare) {
    for (Windows taker : all) {
      taker.rare(rare);
    }
  }
}
