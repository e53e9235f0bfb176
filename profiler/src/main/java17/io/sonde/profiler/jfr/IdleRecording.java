package io.sonde.profiler.jfr;

import java.util.HashMap;
import java.util.Map;
import jdk.jfr.EventType;
import jdk.jfr.FlightRecorder;
import jdk.jfr.Recording;
import org.jspecify.annotations.Nullable;

/**
 * What keeps Flight Recorder quiet once our recording is over: before 21 its timer goes off a
 * hundred times a second for as long as the JVM lives, unless some recording runs. This one is in
 * memory and has next to nothing in it.
 */
final class IdleRecording {
  private static final int FIRST_QUIET = 21;
  private static final String RARE = "jdk.CPULoad";

  private static @Nullable Recording recording;

  private IdleRecording() {}

  /** Ours is over. */
  static synchronized void begin() {
    if (recording != null || Runtime.version().feature() >= FIRST_QUIET) {
      return;
    }
    try {
      Recording idle = new Recording(settings());
      idle.setName("Sonde, idle");
      idle.setToDisk(false);
      idle.start();
      recording = idle;
    } catch (RuntimeException | LinkageError e) {
      // The JVM ends, say: it goes on as it did without us.
    }
  }

  private static Map<String, String> settings() {
    Map<String, String> settings = new HashMap<>();
    for (EventType type : FlightRecorder.getFlightRecorder().getEventTypes()) {
      settings.put(type.getName() + "#enabled", "false");
    }
    settings.put(RARE + "#enabled", "true");
    settings.put(RARE + "#period", "1 h");
    return settings;
  }

  /** Another one of ours comes. */
  static synchronized void end() {
    if (recording != null) {
      recording.close();
      recording = null;
    }
  }
}
