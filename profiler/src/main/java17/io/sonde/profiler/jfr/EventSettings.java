package io.sonde.profiler.jfr;

import io.sonde.profiler.CpuPeriod;
import io.sonde.profiler.Governor;
import io.sonde.profiler.Pinning;
import io.sonde.profiler.Plan;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import jdk.jfr.EventType;
import jdk.jfr.FlightRecorder;

/** Which events our recording has at the moment, and how often. */
final class EventSettings {
  static final String CPU_TIME = "jdk.CPUTimeSample";
  static final String CPU_TIME_LOST = "jdk.CPUTimeSamplesLost";
  static final String EXECUTION = "jdk.ExecutionSample";
  static final String NEW_TLAB = "jdk.ObjectAllocationInNewTLAB";
  static final String OUTSIDE_TLAB = "jdk.ObjectAllocationOutsideTLAB";
  static final String ALLOCATION = "jdk.ObjectAllocationSample";
  static final String MONITOR = "jdk.JavaMonitorEnter";
  static final String PARK = "jdk.ThreadPark";
  static final String PINNED = "jdk.VirtualThreadPinned";
  static final String THREAD_START = "jdk.ThreadStart";
  static final String EXCEPTION = "jdk.JavaExceptionThrow";

  /** For so many windows exceptions are left alone where they were too many. */
  private static final int PAUSE = 20;

  private static final long MILLI = 1_000_000L;
  private static final long LONG_WAIT = 1000 * MILLI;

  /** The most allocations a second where they are sampled by number. */
  private static final int MOST_ALLOCATIONS = 150;

  private static final int LEAST_ALLOCATIONS = 10;

  /** Whether CPU time itself is sampled, and not whatever runs at fixed times. */
  final boolean cpuTime;

  private final Plan plan;
  private final Governor governor;
  private AllocationMode mode;
  private boolean tlabs;

  /** The windows from now on that have no exceptions. */
  private int withoutExceptions;

  /** Of these this window has had its part. */
  private final Set<Governor.Kind> over = EnumSet.noneOf(Governor.Kind.class);

  private boolean exceptionsOn;

  /** The event types that there are settings for. */
  private long known;

  EventSettings(Plan plan, Governor governor, AllocationMode mode) {
    this.plan = plan;
    this.governor = governor;
    this.mode = mode;
    tlabs = mode == AllocationMode.ALL;
    // Who reads recordings by other means knows no samples of CPU time.
    cpuTime =
        !plan.recordings && has(CPU_TIME) && System.getProperty("os.name", "").equals("Linux");
  }

  private static boolean has(String event) {
    for (EventType type : types()) {
      if (type.getName().equals(event)) {
        return true;
      }
    }
    return false;
  }

  private static List<EventType> types() {
    return FlightRecorder.getFlightRecorder().getEventTypes();
  }

  /** As they are from now on. The application's own are off unless its own recording wants them. */
  Map<String, String> asMap() {
    Map<String, String> settings = new HashMap<>();
    List<EventType> types = types();
    known = sum(types);
    for (EventType type : types) {
      settings.put(type.getName() + "#enabled", "false");
    }
    on(settings, Tick.NAME);
    on(settings, THREAD_START);
    settings.put(THREAD_START + "#stackTrace", "false");
    if (plan.cpu && cpuTime) {
      on(settings, CPU_TIME);
      on(settings, CPU_TIME_LOST);
      settings.put(CPU_TIME + "#throttle", cpuPeriod() / 1000 + " us");
    } else if (plan.cpu) {
      on(settings, EXECUTION);
      settings.put(EXECUTION + "#period", cpuPeriod() / MILLI + " ms");
    }
    if (settings.containsKey(PINNED + "#enabled")) {
      on(settings, PINNED);
      settings.put(PINNED + "#threshold", "1 ms");
      settings.put(PINNED + "#stackTrace", "false");
      Pinning.begin();
    }
    if (plan.allocations) {
      allocations(settings);
    }
    if (plan.lockNanos > 0) {
      waits(settings, over.contains(Governor.Kind.WAITS));
    }
    exceptionsOn =
        plan.exceptions && withoutExceptions == 0 && !over.contains(Governor.Kind.EXCEPTIONS);
    if (exceptionsOn) {
      onWithStacks(settings, EXCEPTION); // of errors too
      // It says the same again, but without it JDK 25 records exceptions in the first recording
      // alone.
      settings.put("jdk.JavaErrorThrow#enabled", "true");
      settings.put("jdk.JavaErrorThrow#stackTrace", "false");
    }
    return settings;
  }

  /**
   * Long waits are recorded always, those for a monitor without a stack: it is taken where the wait
   * begins, of each wait, however short.
   */
  private void waits(Map<String, String> settings, boolean longAlone) {
    long shortest = longAlone ? longWait(plan) : plan.lockNanos;
    onWithStacks(settings, PARK);
    settings.put(PARK + "#threshold", shortest + " ns");
    onWithStacks(settings, MONITOR);
    settings.put(MONITOR + "#threshold", shortest + " ns");
    if (longAlone) {
      settings.put(MONITOR + "#stackTrace", "false");
    }
  }

  /** Nanoseconds of a wait from which on none is left out. */
  static long longWait(Plan plan) {
    return Math.max(plan.lockNanos, LONG_WAIT);
  }

  private void allocations(Map<String, String> settings) {
    if (tlabs) {
      onWithStacks(settings, NEW_TLAB);
      onWithStacks(settings, OUTSIDE_TLAB);
    }
    if (mode == AllocationMode.SAMPLED) {
      onWithStacks(settings, ALLOCATION);
      settings.put(ALLOCATION + "#throttle", mostAllocations() + "/s");
    }
  }

  private static void on(Map<String, String> settings, String event) {
    settings.put(event + "#enabled", "true");
  }

  private static void onWithStacks(Map<String, String> settings, String event) {
    on(settings, event);
    settings.put(event + "#stackTrace", "true");
  }

  /** Event types that nobody has said anything about are on, with stack traces. */
  boolean lackTypes() {
    return sum(types()) != known;
  }

  /** Another one wherever another type is there; an id is not given to a second one. */
  private static long sum(List<EventType> types) {
    long sum = types.size();
    for (EventType type : types) {
      sum += 31 * type.getId();
    }
    return sum;
  }

  /** What says how much CPU time there was. */
  String cpuBy() {
    boolean least = plan.cpuPeriodWhy != null || plan.cpuPeriodNanos < CpuPeriod.LEAST_EXECUTION;
    return cpuTime
        ? "CPUTimeSample"
        : "ExecutionSample and each thread's CPU time" + (least ? ", each 10 ms at the least" : "");
  }

  /** The CPU time between two samples, or from one look at running threads to the next. */
  long cpuPeriod() {
    if (cpuTime) {
      return governor.thinned(Governor.Kind.CPU, plan.cpuPeriodNanos);
    }
    // Its own as well, for where this is not the engine that was to be the first one.
    long period = Math.max(CpuPeriod.LEAST_EXECUTION, plan.cpuPeriodNanos);
    return governor.thinned(Governor.Kind.CPU, period) / MILLI * MILLI;
  }

  /** A second, where they are sampled by number. */
  int mostAllocations() {
    int most = (int) (MOST_ALLOCATIONS / governor.thinned(Governor.Kind.ALLOCATIONS, 1));
    return Math.max(LEAST_ALLOCATIONS, most);
  }

  /** What samples allocations; whether that is new. */
  boolean allocations(AllocationMode to, boolean tlabsToo) {
    boolean changes = to != mode || tlabsToo != tlabs;
    mode = to;
    tlabs = tlabsToo;
    return changes;
  }

  /** No exceptions for a while. */
  void pauseExceptions() {
    withoutExceptions = PAUSE;
  }

  /** None of these until the window ends. */
  void end(Governor.Kind kind) {
    over.add(kind);
  }

  /** A window begins; whether something is to be recorded in it that is not yet. */
  boolean begin() {
    withoutExceptions = Math.max(0, withoutExceptions - 1);
    boolean more = !over.isEmpty() || plan.exceptions && withoutExceptions == 0 && !exceptionsOn;
    over.clear();
    return more;
  }
}
