package io.sonde.profiler;

import io.sonde.settings.Settings;
import java.util.concurrent.TimeUnit;
import jdk.jfr.FlightRecorder;
import jdk.jfr.Recording;

/** A program that does nothing but being profiled, for some seconds or until its profiler ends. */
public final class Idle {
  private Idle() {}

  /**
   * Seconds, and before them {@code own} where the program is to record by itself, or {@code close}
   * where it closes all recordings after a while.
   */
  public static void main(String[] arguments) throws Exception {
    if (arguments[0].equals("own")) {
      Own.start();
    }
    Thread profiler =
        Profiler.thread(
            new Plan(new Settings(System::getProperty, name -> null)),
            (start, end, profiles) ->
                System.out.println("window: " + TimeUnit.NANOSECONDS.toMillis(end - start) + " ms"),
            line -> System.out.println("said: " + line));
    profiler.start();
    if (arguments[0].equals("close")) {
      Own.closeAll();
    }
    profiler.join(1000 * Long.parseLong(arguments[arguments.length - 1]));
  }

  /** Linked only where the JVM has Flight Recorder. */
  private static final class Own {
    static void start() {
      Recording recording = new Recording();
      recording.enable("jdk.GarbageCollection");
      recording.start();
    }

    static void closeAll() throws InterruptedException {
      TimeUnit.SECONDS.sleep(3);
      FlightRecorder.getFlightRecorder().getRecordings().forEach(Recording::close);
    }
  }
}
