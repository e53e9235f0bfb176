package io.sonde.profiler.jfr;

import io.sonde.profiler.Folder;
import io.sonde.profiler.Governor;
import io.sonde.profiler.Pinning;
import io.sonde.profiler.Plan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import jdk.jfr.EventType;
import jdk.jfr.FlightRecorder;
import jdk.jfr.Recording;
import jdk.jfr.RecordingState;
import org.jspecify.annotations.Nullable;

/**
 * Our recordings in rotation: the next one runs before the last one stops, and a {@link Tick} that
 * both have seen says where one window ends and the next one begins.
 */
final class Recordings {
  static final String CPU_TIME = "jdk.CPUTimeSample";
  static final String EXECUTION = "jdk.ExecutionSample";
  static final String NEW_TLAB = "jdk.ObjectAllocationInNewTLAB";
  static final String OUTSIDE_TLAB = "jdk.ObjectAllocationOutsideTLAB";
  static final String ALLOCATION = "jdk.ObjectAllocationSample";
  static final String MONITOR = "jdk.JavaMonitorEnter";
  static final String PARK = "jdk.ThreadPark";
  static final String PINNED = "jdk.VirtualThreadPinned";
  static final String EXCEPTION = "jdk.JavaExceptionThrow";

  /** More a second would cost the application too much. */
  private static final double MANY_EXCEPTIONS = 2000;

  /** For so many windows they are left alone then. */
  private static final int PAUSE = 20;

  /** The most allocations a second where they are sampled by number. */
  private static final int MOST_ALLOCATIONS = 150;

  private static final int LEAST_ALLOCATIONS = 10;

  private final Plan plan;
  private final Governor governor;
  private final Folder folder;

  /** Whether CPU time itself is sampled, and not whatever runs at fixed times. */
  final boolean cpuTime;

  /** How long the JVM's end, which stops our recording too, may take to write it. */
  private static final long LONGEST_DUMP = 2_500_000_000L;

  private Recording current;
  private int started;
  private Path file;
  private boolean noted;
  private long window;
  private final Company company = new Company();
  private boolean accompanied;

  /** The windows from now on that have no exceptions. */
  private int withoutExceptions;

  Recordings(Plan plan, Governor governor, Folder folder, AllocationMode mode) throws IOException {
    this.plan = plan;
    this.governor = governor;
    this.folder = folder;
    // Who reads recordings by other means knows no samples of CPU time.
    cpuTime =
        !plan.recordings && has(CPU_TIME) && System.getProperty("os.name", "").equals("Linux");
    FlightRecorder.addListener(company);
    file = next();
    try {
      company.look();
      current = start(mode, file);
      company.begin();
    } catch (Throwable thrown) {
      FlightRecorder.removeListener(company);
      throw thrown;
    }
    try {
      note(System.getProperty("jdk.jfr.repository"));
    } catch (Throwable thrown) {
      stop();
      throw thrown;
    }
  }

  private void note(@Nullable String place) throws IOException {
    noted = place != null && !company.isThere();
    if (noted && place != null) {
      folder.repository(place);
    }
  }

  private static boolean has(String event) {
    for (EventType type : FlightRecorder.getFlightRecorder().getEventTypes()) {
      if (type.getName().equals(event)) {
        return true;
      }
    }
    return false;
  }

  private Path next() {
    return folder.file("window" + ++started + ".jfr");
  }

  /** Written there whoever stops it: Flight Recorder does when the JVM ends, maybe before us. */
  private Recording start(AllocationMode mode, Path to) throws IOException {
    Recording recording = new Recording(settings());
    try {
      company.add(recording);
      recording.setName("Sonde");
      recording.setToDisk(true);
      recording.setMaxSize(plan.diskBytes / 4);
      recording.setDestination(to);
      recording.setDumpOnExit(true);
      allocations(recording, mode, mode == AllocationMode.ALL);
      recording.start();
      return recording;
    } catch (Throwable thrown) {
      company.close(recording);
      throw thrown;
    }
  }

  /** The application's own events are off unless a recording of its own wants them. */
  private Map<String, String> settings() {
    Map<String, String> settings = new HashMap<>();
    for (EventType type : FlightRecorder.getFlightRecorder().getEventTypes()) {
      settings.put(type.getName() + "#enabled", "false");
    }
    on(settings, Tick.NAME);
    if (cpuTime) {
      on(settings, CPU_TIME);
      settings.put(CPU_TIME + "#throttle", cpuPeriod() / 1000 + " us");
    } else {
      on(settings, EXECUTION);
      settings.put(EXECUTION + "#period", executionPeriod() / 1_000_000 + " ms");
    }
    if (settings.containsKey(PINNED + "#enabled")) {
      on(settings, PINNED);
      settings.put(PINNED + "#threshold", "1 ms");
      settings.put(PINNED + "#stackTrace", "false");
      Pinning.begin();
    }
    if (plan.lockNanos > 0) {
      for (String event : new String[] {MONITOR, PARK}) {
        on(settings, event);
        settings.put(event + "#threshold", threshold() + " ns");
        settings.put(event + "#stackTrace", "true");
      }
    }
    if (plan.exceptions && withoutExceptions == 0) {
      on(settings, EXCEPTION); // of errors too
      // It says the same again, but without it JDK 25 records exceptions in the first recording
      // alone.
      settings.put("jdk.JavaErrorThrow#enabled", "true");
      settings.put("jdk.JavaErrorThrow#stackTrace", "false");
      settings.put(EXCEPTION + "#stackTrace", "true");
    }
    return settings;
  }

  /** Leaves exceptions alone for a while where so many came; true where that begins. */
  boolean tooMany(double exceptionsPerSecond) {
    if (exceptionsPerSecond <= MANY_EXCEPTIONS) {
      return false;
    }
    withoutExceptions = PAUSE;
    try {
      current.disable(EXCEPTION);
    } catch (IllegalStateException e) {
      // Somebody closed our recording: the next window has another one.
    }
    return true;
  }

  /** Nanoseconds from one look at running threads to the next. */
  long executionPeriod() {
    return Math.max(10, cpuPeriod() / 1_000_000) * 1_000_000;
  }

  private static void on(Map<String, String> settings, String event) {
    settings.put(event + "#enabled", "true");
  }

  /** The CPU time between two samples, as the governor lets it be. */
  long cpuPeriod() {
    return governor.thinned(Governor.Kind.CPU, plan.cpuPeriodNanos);
  }

  private long threshold() {
    return governor.thinned(Governor.Kind.WAITS, plan.lockNanos);
  }

  /** Takes over, in the recording that runs, what the governor has changed. */
  void thin() {
    try {
      Map<String, String> settings = new HashMap<>(current.getSettings());
      settings.putAll(settings());
      for (String event : new String[] {NEW_TLAB, OUTSIDE_TLAB, ALLOCATION}) {
        settings.put(
            event + "#enabled", String.valueOf(current.getSettings().get(event + "#enabled")));
      }
      settings.put(ALLOCATION + "#throttle", throttle());
      current.setSettings(settings);
    } catch (IllegalStateException e) {
      // Somebody closed our recording: the next window has another one.
    }
  }

  private String throttle() {
    int most = (int) (MOST_ALLOCATIONS / governor.thinned(Governor.Kind.ALLOCATIONS, 1));
    return Math.max(LEAST_ALLOCATIONS, most) + "/s";
  }

  /** Switches what samples allocations, also while the recording runs. */
  void allocations(AllocationMode mode, boolean tlab) {
    try {
      allocations(current, mode, tlab);
    } catch (IllegalStateException e) {
      // Somebody closed our recording: the next window has another one.
    }
  }

  private void allocations(Recording recording, AllocationMode mode, boolean tlab) {
    if (!plan.allocations) {
      return;
    }
    for (String event : new String[] {NEW_TLAB, OUTSIDE_TLAB}) {
      if (tlab) {
        recording.enable(event).withStackTrace();
      } else {
        recording.disable(event);
      }
    }
    if (mode == AllocationMode.SAMPLED) {
      recording.enable(ALLOCATION).withStackTrace().with("throttle", throttle());
    } else {
      recording.disable(ALLOCATION);
    }
  }

  /**
   * Ends the window; the file holds it whole, and the begin of the next one. Where no next one can
   * be started the window goes on.
   */
  Path rotate(AllocationMode next) throws IOException {
    if (folder.isEnding()) {
      throw new IOException("the JVM ends");
    }
    Recording last = current;
    withoutExceptions = Math.max(0, withoutExceptions - 1);
    Path to = file;
    Path coming = next();
    company.look();
    current = start(next, coming);
    file = coming;
    try {
      Tick.emit(++window);
      last.setDumpOnExit(false);
      last.setDestination(null);
      last.stop();
      last.dump(to);
      return to;
    } finally {
      company.close(last);
      accompanied = company.wasThere();
      company.begin();
    }
  }

  /** Ends the last window, which the end of the JVM may have done; the file holds it whole. */
  Path end() throws IOException {
    Recording last = current;
    try {
      Tick.emit(++window);
      last.stop();
    } catch (IllegalStateException e) {
      awaitDump(last);
    } finally {
      company.close(last);
      accompanied = company.wasThere();
    }
    if (Files.size(file) == 0) {
      throw new IOException("Flight Recorder has ended without it");
    }
    return file;
  }

  /** It is closed as soon as it is written. */
  private static void awaitDump(Recording recording) {
    long end = System.nanoTime() + LONGEST_DUMP;
    while (recording.getState() != RecordingState.CLOSED && System.nanoTime() - end < 0) {
      LockSupport.parkNanos(5_000_000);
    }
  }

  /** Whether the file of the window that was ended last may hold what others asked for. */
  boolean wasAccompanied() {
    return accompanied;
  }

  /** The number of the window that was ended last. */
  long window() {
    return window;
  }

  long diskBytes() {
    return current.getSize();
  }

  /** Whether a recording that is not ours runs. */
  boolean isShared() {
    for (Recording recording : FlightRecorder.getFlightRecorder().getRecordings()) {
      if (recording.getState() == RecordingState.RUNNING && recording.getId() != current.getId()) {
        return true;
      }
    }
    return false;
  }

  /** Takes note of a recording that is not ours, whether it runs, will run or has run. */
  void look() throws IOException {
    if (noted && company.isThere()) {
      folder.keepRepository();
      noted = false;
    }
  }

  void stop() {
    FlightRecorder.removeListener(company);
    company.close(current);
  }
}
