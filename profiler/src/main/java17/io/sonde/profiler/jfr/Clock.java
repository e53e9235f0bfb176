package io.sonde.profiler.jfr;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * From a recording's ticks to {@link System#nanoTime()}.
 *
 * <p>A tick is taken before the nanosecond that stands in the same event, so each event's
 * difference is too large by what lay between; the least of many is nearly right.
 */
final class Clock {
  private static final int FREQUENCY_AT = 56;
  private static final long SHORT_NANOS = 3000;
  private static final long EARLIER_NANOS = 1000;

  private final double nanosPerTick;
  private long least = Long.MAX_VALUE;
  private long leastOfLong = Long.MAX_VALUE;

  /** Reads how fast the ticks go from the recording's header. */
  Clock(Path recording) throws IOException {
    try (InputStream file = Files.newInputStream(recording);
        DataInputStream in = new DataInputStream(file)) {
      in.skipNBytes(FREQUENCY_AT);
      long frequency = in.readLong();
      nanosPerTick = frequency <= 0 ? 1 : 1e9 / frequency;
    }
  }

  void tick(long startTicks, long durationTicks, long nano) {
    long difference = nano - scaled(startTicks);
    if (scaled(durationTicks) < SHORT_NANOS) {
      least = Math.min(least, difference);
    } else {
      leastOfLong = Math.min(leastOfLong, difference);
    }
  }

  boolean isSet() {
    return least != Long.MAX_VALUE || leastOfLong != Long.MAX_VALUE;
  }

  long nanos(long ticks) {
    long difference = least != Long.MAX_VALUE ? least : leastOfLong;
    return scaled(ticks) + difference - EARLIER_NANOS;
  }

  long scaled(long ticks) {
    return nanosPerTick == 1 ? ticks : (long) (ticks * nanosPerTick);
  }
}
