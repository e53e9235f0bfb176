package io.sonde.exporters.otlp;

import java.util.ArrayList;
import java.util.List;

/** Time that passes in pauses alone, which are noted and not made. */
final class Pauses implements Time {
  static final long SECOND = 1_000_000_000;

  final List<Long> made = new ArrayList<>();
  Runnable during = () -> {};
  private long now;

  @Override
  public long nanos() {
    return now;
  }

  @Override
  public void park(Object by, long nanos) {
    made.add(nanos);
    now += nanos;
    during.run();
  }
}
