package io.sonde.profiler.jfr;

import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** The same moment by both clocks: the recording's ticks and {@link System#nanoTime()}. */
@Name(Tick.NAME)
@Enabled(false)
@StackTrace(false)
final class Tick extends Event {
  static final String NAME = "io.sonde.Tick";

  /** By {@link System#nanoTime()}, inside the event. */
  long nano;

  static void emit() {
    Tick tick = new Tick();
    tick.begin();
    tick.nano = System.nanoTime();
    tick.end();
    tick.commit();
  }
}
