package io.sonde.profiler;

import io.sonde.settings.Option;
import io.sonde.settings.Settings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What is to be profiled, and how. */
public final class Plan {
  private static final long MILLI = 1_000_000L;
  private static final long SHORTEST_WINDOW = 1000 * MILLI;
  private static final long LONGEST_WINDOW = 600 * SHORTEST_WINDOW;
  private static final long LEAST_WALL = 100 * MILLI;
  private static final long DEFAULT_BYTES = 512 << 10;
  private static final long LEAST_BYTES = 64 << 10;

  /** A number of bytes: k, m or g may follow. */
  private static final Pattern DISTANCE = Pattern.compile("(?i)(\\d{1,9})\\s*(?:([kmg])b?)?");

  private static final List<String> ENGINES =
      Arrays.asList("auto", "jfr", "async", "sampler", "off");
  private static final List<String> EVENTS =
      Arrays.asList("cpu", "itimer", "ctimer", "wall", "alloc", "lock", "none");

  /** A profile keeps no deeper stacks. */
  private static final int DEEPEST = 1000;

  /**
   * Whether CPU time is sampled: in the place of wall clock too, where nothing else is asked for
   * and the engine has none.
   */
  public final boolean cpu;

  /** How often a thread that computes is looked at, in nanoseconds of CPU time. */
  public final long cpuPeriodNanos;

  /** Why that is less often than was asked for; null where it is not. */
  public final @Nullable String cpuPeriodWhy;

  /** Whether allocations are sampled. */
  public final boolean allocations;

  /** How samples of allocations say what was allocated. */
  public final AllocatedClass allocatedClass;

  /** Whether exceptions that are thrown are recorded. */
  public final boolean exceptions;

  /** The shortest wait for a lock that is recorded; 0 for none. */
  public final long lockNanos;

  /** Keys of baggage that become labels. */
  public final List<String> baggage;

  /** Whether spans name their profile, which is sent somewhere. */
  public final boolean links;

  /** Whether ended spans wait for it until their samples are read. */
  public final boolean holdSpans;

  /** Whether spans carry what they took. */
  public final boolean spanCosts;

  /** Whether somebody takes the recordings themselves, by a reader that knows less than ours. */
  public final boolean recordings;

  /** How much time one profile covers. */
  public final long windowNanos;

  /** The most that recordings may take on disk. */
  public final long diskBytes;

  /** Where they are, below which each JVM has a folder of its own; null for the usual place. */
  public final @Nullable String folder;

  /** How many frames of a stack are taken, where the engine can choose. */
  public final int stackDepth;

  /** Whether somebody asked for so many. */
  public final boolean stackDepthAsked;

  /** The share of one core, and of the process, that profiling may take; 0 for no bound. */
  final double budgetPercent;

  /** How long the application is left to itself first. */
  final long delayMillis;

  /** What async-profiler samples CPU time by; null where CPU time is not wanted. */
  public final @Nullable String cpuEvent;

  /** Whether threads are sampled by time, whatever they do. */
  public final boolean wall;

  /**
   * How often each thread is looked at then, in nanoseconds: what waits is looked at too, and there
   * is much of that.
   */
  public final long wallPeriodNanos;

  /** How many bytes apart allocations are sampled, where the engine can choose. */
  public final long allocationBytes;

  /** Of this JVM: 8, 11 and so on. */
  public final int javaVersion = javaVersion();

  /** The engine: auto or its name. */
  final String engine;

  /**
   * As the settings say.
   *
   * @param sent whether profiles are sent somewhere
   * @param recordings whether recordings are
   */
  public Plan(Settings settings, boolean sent, boolean recordings) {
    engine = engine(settings);
    delayMillis = settings.millis(Option.SONDE_PROFILER_START_DELAY, 15_000);
    diskBytes = (long) settings.count(Option.SONDE_PROFILER_DISK, 16, 64) << 20;
    budgetPercent = budget(settings);
    windowNanos = window(settings);
    folder = settings.text(Option.PYROSCOPE_TMP_DIR);
    stackDepth = Math.min(DEEPEST, settings.count(Option.PYROSCOPE_JAVA_STACK_DEPTH_MAX, 1, 128));
    stackDepthAsked = settings.isSet(Option.PYROSCOPE_JAVA_STACK_DEPTH_MAX);
    List<String> events = events(settings);
    wall = events.contains("wall");
    cpuEvent = cpuEvent(events);
    cpu = cpuEvent != null || events.equals(Collections.singletonList("wall"));
    this.recordings = recordings;
    long interval = settings.nanos(Option.PYROSCOPE_PROFILING_INTERVAL);
    wallPeriodNanos = Math.max(LEAST_WALL, interval);
    CpuPeriod period = CpuPeriod.of(interval, first(), javaVersion, recordings);
    cpuPeriodNanos = period.nanos;
    cpuPeriodWhy = period.why;
    allocations = !isOff(settings.text(Option.PYROSCOPE_PROFILER_ALLOC));
    allocationBytes = bytes(settings);
    allocatedClass = AllocatedClass.of(settings);
    exceptions = settings.flag(Option.SONDE_PROFILER_EXCEPTIONS);
    baggage = settings.list(Option.SONDE_PROFILER_BAGGAGE);
    String linked = links(settings);
    links = !linked.equals("off") && sent;
    holdSpans = linked.equals("held");
    spanCosts = settings.flag(Option.SONDE_PROFILER_SPAN_COSTS);
    lockNanos = isOff(settings.text(Option.PYROSCOPE_PROFILER_LOCK)) ? 0 : lockNanos(settings);
  }

  /** What samples are taken of, and how far apart they are unless they are thinned. */
  String sampled() {
    return cpuPeriodNanos
        + (cpu ? " cpu" : "")
        + (wall ? " wall" : "")
        + (exceptions ? " exceptions" : "")
        + (allocations ? " alloc " + allocationBytes : "")
        + " lock "
        + lockNanos;
  }

  /** The engine that is tried first, once there is to be one. */
  private String first() {
    return Choice.order(isOff() ? "auto" : engine, javaVersion, wall).get(0);
  }

  private static String engine(Settings settings) {
    String type = settings.text(Option.PYROSCOPE_PROFILER_TYPE);
    if (type != null && !settings.isSet(Option.SONDE_PROFILER_ENGINE)) {
      if (type.equalsIgnoreCase("jfr") || type.equalsIgnoreCase("async")) {
        return type.toLowerCase(Locale.ROOT);
      }
      settings.problem(Option.PYROSCOPE_PROFILER_TYPE.name(), type, "JFR or ASYNC");
    }
    String name = String.valueOf(settings.text(Option.SONDE_PROFILER_ENGINE));
    if (ENGINES.contains(name)) {
      return name;
    }
    settings.problem(Option.SONDE_PROFILER_ENGINE.name(), name, "auto, jfr, async, sampler or off");
    return "auto";
  }

  /** What is not read within the hour no server takes. */
  private static long window(Settings settings) {
    long nanos = settings.nanos(Option.PYROSCOPE_UPLOAD_INTERVAL);
    long bounded = Math.min(LONGEST_WINDOW, Math.max(SHORTEST_WINDOW, nanos));
    if (nanos != bounded) {
      settings.problem(
          Option.PYROSCOPE_UPLOAD_INTERVAL.name(),
          String.valueOf(settings.text(Option.PYROSCOPE_UPLOAD_INTERVAL)),
          "1s to 600s, so it is " + bounded / (1000 * MILLI) + "s");
    }
    return bounded;
  }

  private static double budget(Settings settings) {
    String text = String.valueOf(settings.text(Option.SONDE_PROFILER_BUDGET));
    if (text.equals("off")) {
      return 0;
    }
    String number = text.endsWith("%") ? text.substring(0, text.length() - 1).trim() : text;
    if (number.matches("[0-9]{1,3}([.][0-9]{1,6})?")) {
      double percent = Double.parseDouble(number);
      if (percent >= 0.1 && percent <= 100) {
        return percent;
      }
    }
    settings.problem(
        Option.SONDE_PROFILER_BUDGET.name(), text, "a percentage from 0.1% to 100%, or off");
    return 1;
  }

  private static int javaVersion() {
    String version = System.getProperty("java.specification.version", "8");
    return version.startsWith("1.") ? 8 : Integer.parseInt(version);
  }

  private static List<String> events(Settings settings) {
    List<String> events = new ArrayList<>();
    for (String event : settings.list(Option.PYROSCOPE_PROFILER_EVENT)) {
      events.add(event.toLowerCase(Locale.ROOT));
    }
    if (!EVENTS.containsAll(events)) {
      settings.problem(
          Option.PYROSCOPE_PROFILER_EVENT.name(),
          String.valueOf(settings.text(Option.PYROSCOPE_PROFILER_EVENT)),
          "cpu, wall or both with a comma, alloc, lock or none");
      return Collections.singletonList("cpu");
    }
    return events;
  }

  private static @Nullable String cpuEvent(List<String> events) {
    for (String event : events) {
      if (event.equals("cpu") || event.endsWith("timer")) {
        return event;
      }
    }
    return null;
  }

  /** As Pyroscope's agent takes it. */
  private static long bytes(Settings settings) {
    String text = settings.text(Option.PYROSCOPE_PROFILER_ALLOC);
    if (text == null || text.matches("(?i)on|off|true|false")) {
      return DEFAULT_BYTES;
    }
    Matcher distance = DISTANCE.matcher(text);
    if (!distance.matches()) {
      settings.problem(
          Option.PYROSCOPE_PROFILER_ALLOC.name(), text, "off, or a number of bytes such as 512k");
      return DEFAULT_BYTES;
    }
    String unit = distance.group(2);
    int shift = unit == null ? 0 : 10 * (1 + "kmg".indexOf(unit.toLowerCase(Locale.ROOT)));
    return Math.max(LEAST_BYTES, Long.parseLong(distance.group(1)) << shift);
  }

  private static String links(Settings settings) {
    String name = String.valueOf(settings.text(Option.SONDE_PROFILER_LINKS));
    if (name.equals("fast") || name.equals("held") || name.equals("off")) {
      return name;
    }
    settings.problem(Option.SONDE_PROFILER_LINKS.name(), name, "fast, held or off");
    return "fast";
  }

  private static boolean isOff(@Nullable String value) {
    return value != null && (value.equalsIgnoreCase("off") || value.equalsIgnoreCase("false"));
  }

  /** As Pyroscope's agent takes it: 0 is for all that there are. */
  private static long lockNanos(Settings settings) {
    String text = String.valueOf(settings.text(Option.PYROSCOPE_PROFILER_LOCK));
    if (text.equals("0")) {
      return MILLI;
    }
    long nanos = Settings.nanos(text, 0);
    if (nanos == 0 && !text.matches("(?i)on|true")) {
      settings.problem(Option.PYROSCOPE_PROFILER_LOCK.name(), text, "off, or a time such as 10ms");
    }
    return Math.max(MILLI, nanos == 0 ? 10 * MILLI : nanos);
  }

  /** Whether no engine is wanted at all. */
  public boolean isOff() {
    return engine.equals("off");
  }
}
