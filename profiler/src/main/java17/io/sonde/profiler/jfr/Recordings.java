package io.sonde.profiler.jfr;

import io.sonde.profiler.Folder;
import io.sonde.profiler.Governor;
import io.sonde.profiler.Pinning;
import io.sonde.profiler.Plan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import jdk.jfr.EventType;
import jdk.jfr.FlightRecorder;
import jdk.jfr.Recording;
import jdk.jfr.RecordingState;
import org.jspecify.annotations.Nullable;

/**
 * Our recording, which goes on for as long as the profiler does: each window is written to a file
 * of its own, which ends a chunk, and is forgotten here.
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

  /** How long after Flight Recorder we hear at the latest that the JVM ends. */
  private static final long HEARSAY = 300_000_000L;

  private Recording current;
  private int files;
  private Path file;
  private AllocationMode mode;
  private boolean tlabs;
  private boolean noted;
  private long window;
  private long begun = System.nanoTime();
  private final Company company = new Company();
  private boolean accompanied;

  /** The windows from now on that have no exceptions. */
  private int withoutExceptions;

  /** This window has had its part of them. */
  private boolean exceptionsOver;

  private boolean exceptionsOn;

  /** The event types that our recording has settings for. */
  private long known;

  Recordings(Plan plan, Governor governor, Folder folder, AllocationMode mode) throws IOException {
    this.plan = plan;
    this.governor = governor;
    this.folder = folder;
    this.mode = mode;
    tlabs = mode == AllocationMode.ALL;
    // Who reads recordings by other means knows no samples of CPU time.
    cpuTime =
        !plan.recordings && has(CPU_TIME) && System.getProperty("os.name", "").equals("Linux");
    FlightRecorder.addListener(company);
    file = next();
    try {
      company.look();
      current = start(file);
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
    return folder.file("window" + ++files + ".jfr");
  }

  /** Written there whoever stops it: Flight Recorder does when the JVM ends, maybe before us. */
  private Recording start(Path to) throws IOException {
    Recording recording = new Recording(settings());
    try {
      company.add(recording);
      recording.setName("Sonde");
      recording.setToDisk(true);
      // Beyond it whole chunks are forgotten; the other half is for the file of a window.
      recording.setMaxSize(plan.diskBytes / 2);
      recording.setDestination(to);
      recording.setDumpOnExit(true);
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
    List<EventType> types = FlightRecorder.getFlightRecorder().getEventTypes();
    known = sum(types);
    for (EventType type : types) {
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
    allocations(settings);
    if (plan.lockNanos > 0) {
      for (String event : new String[] {MONITOR, PARK}) {
        on(settings, event);
        settings.put(event + "#threshold", threshold() + " ns");
        settings.put(event + "#stackTrace", "true");
      }
    }
    exceptionsOn = plan.exceptions && withoutExceptions == 0 && !exceptionsOver;
    if (exceptionsOn) {
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
    update();
    return true;
  }

  /** None is recorded until the window ends. */
  void noExceptions() {
    exceptionsOver = true;
    update();
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
  void update() {
    try {
      current.setSettings(settings());
    } catch (IllegalStateException e) {
      // Somebody closed our recording: the next window has another one.
    }
  }

  /** Event types that nobody has said anything about are on, with stack traces. */
  private void lateTypes() {
    if (!folder.isEnding() && sum(FlightRecorder.getFlightRecorder().getEventTypes()) != known) {
      update();
    }
  }

  /** Another one wherever another type is there; an id is not given to a second one. */
  private static long sum(List<EventType> types) {
    long sum = types.size();
    for (EventType type : types) {
      sum += 31 * type.getId();
    }
    return sum;
  }

  private String throttle() {
    return mostAllocations() + "/s";
  }

  /** A second, where they are sampled by number. */
  int mostAllocations() {
    int most = (int) (MOST_ALLOCATIONS / governor.thinned(Governor.Kind.ALLOCATIONS, 1));
    return Math.max(LEAST_ALLOCATIONS, most);
  }

  /** Switches what samples allocations while the recording runs. */
  void allocations(AllocationMode to, boolean tlabsToo) {
    if (to != mode || tlabsToo != tlabs) {
      mode = to;
      tlabs = tlabsToo;
      update();
    }
  }

  private void allocations(Map<String, String> settings) {
    if (!plan.allocations) {
      return;
    }
    if (tlabs) {
      for (String event : new String[] {NEW_TLAB, OUTSIDE_TLAB}) {
        on(settings, event);
        settings.put(event + "#stackTrace", "true");
      }
    }
    if (mode == AllocationMode.SAMPLED) {
      on(settings, ALLOCATION);
      settings.put(ALLOCATION + "#stackTrace", "true");
      settings.put(ALLOCATION + "#throttle", throttle());
    }
  }

  /**
   * Ends the window; the file holds it whole. Where it cannot be written the window goes on, unless
   * somebody has ended our recording: then another one begins.
   */
  Path rotate() throws IOException {
    if (folder.isEnding()) {
      throw new IOException("the JVM ends");
    }
    Path to = next();
    company.look();
    try {
      lateTypes(); // what is recorded at the end of a chunk is recorded now
      Tick.emit();
      begun = System.nanoTime();
      current.dump(to);
      window++;
      // A window that goes on has had whatever company it had.
      accompanied = company.wasThere();
      company.begin();
      // What was written is not kept for the next file.
      current.setMaxAge(Duration.ZERO);
      current.setMaxAge(null);
    } catch (IOException | RuntimeException e) {
      Files.deleteIfExists(to);
      again();
      throw e;
    }
    withoutExceptions = Math.max(0, withoutExceptions - 1);
    if (plan.exceptions && withoutExceptions == 0 && !exceptionsOn) {
      exceptionsOver = false;
      update();
      begun = System.nanoTime();
    }
    return to;
  }

  /** Begins another recording where somebody ended ours and it was not the JVM's end. */
  private void again() throws IOException {
    if (current.getState() != RecordingState.RUNNING && !isJvmEnding()) {
      company.close(current);
      Files.deleteIfExists(file); // which it was written to
      file = next();
      company.look();
      current = start(file);
      company.begin();
      window++;
    }
  }

  /** Ends the last window, which the end of the JVM may have done; the file holds it whole. */
  Path end() throws IOException {
    Recording last = current;
    try {
      Tick.emit();
      if (isJvmEnding()) {
        // Flight Recorder's own hook writes what runs, and then takes the chunks of all others
        // away.
        awaitDump(last);
      }
      if (last.getState() == RecordingState.RUNNING) {
        last.stop();
      }
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

  /** Flight Recorder's hook, or another one of ours, may be ahead of the one that says so. */
  private boolean isJvmEnding() {
    long end = System.nanoTime() + HEARSAY;
    while (!folder.isEnding() && System.nanoTime() - end < 0) {
      LockSupport.parkNanos(5_000_000);
    }
    return folder.isEnding();
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

  /** How many windows have ended, or were lost. */
  long window() {
    return window;
  }

  /** Since when exceptions are recorded that are those of the window under way. */
  long begun() {
    return begun;
  }

  /**
   * Whether so much was recorded that it should be read. The chunk under way does not count, and it
   * has 12 MB when it is finished: ask long before the first one is forgotten.
   */
  boolean isLarge() {
    return current.getSize() > plan.diskBytes / 8;
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
