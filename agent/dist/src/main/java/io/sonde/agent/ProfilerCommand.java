package io.sonde.agent;

import io.sonde.settings.Option;
import io.sonde.settings.Settings;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the profiler of a running JVM is told, checked by who tells it and once more by who is told.
 */
public final class ProfilerCommand {
  /** How it is written. */
  public static final String USAGE =
      "on, off, cpu DURATION|on|off, alloc BYTES|on|off, lock DURATION|off, wall on|off, exceptions"
          + " on|off, or window DURATION (such as 512k, 10ms or 15s)";

  private static final String PREFIX = "profiler ";
  private static final String WALL = "wall";
  private static final String NONE = "none";
  private static final String CPU = "cpu|[ic]timer";

  /** What says of CPU time that it is sampled, or that it is not. */
  private static final String CPU_OR_NOT = CPU + "|alloc|lock|" + NONE;

  private static final long MILLI = 1_000_000;
  private static final long SECOND = 1000 * MILLI;

  /** The setting that it changes; null where it switches all on or off. */
  final @Nullable Option option;

  /** The setting's value, or {@code on} or {@code off}. */
  final String value;

  private final String text;

  private ProfilerCommand(@Nullable Option option, String value, String text) {
    this.option = option;
    this.value = value;
    this.text = text;
  }

  /** Reads the words; throws an IllegalArgumentException that says what is wrong with them. */
  public static ProfilerCommand of(String... words) {
    String text = String.join(" ", words);
    String what = words.length > 0 ? words[0] : "";
    String value = words.length > 1 ? words[1] : "";
    if (words.length == 1 && isSwitch(what)) {
      return new ProfilerCommand(null, what, text);
    }
    if (words.length == 2) {
      switch (what) {
        case "cpu":
          if (isSwitch(value)) {
            return new ProfilerCommand(Option.PYROSCOPE_PROFILER_EVENT, value, text);
          }
          check(text, value, MILLI, SECOND);
          return new ProfilerCommand(Option.PYROSCOPE_PROFILING_INTERVAL, value, text);
        case "alloc":
          if (isSwitch(value) || value.matches("[1-9][0-9]{0,8}[kmg]?")) {
            return new ProfilerCommand(Option.PYROSCOPE_PROFILER_ALLOC, value, text);
          }
          break;
        case "wall":
          if (isSwitch(value)) {
            return new ProfilerCommand(Option.PYROSCOPE_PROFILER_EVENT, value, text);
          }
          break;
        case "exceptions":
          if (isSwitch(value)) {
            String flag = String.valueOf(value.equals("on"));
            return new ProfilerCommand(Option.SONDE_PROFILER_EXCEPTIONS, flag, text);
          }
          break;
        case "lock":
          if (!value.equals("off")) {
            check(text, value, MILLI, 60 * SECOND);
          }
          return new ProfilerCommand(Option.PYROSCOPE_PROFILER_LOCK, value, text);
        case "window":
          check(text, value, SECOND, 600 * SECOND);
          return new ProfilerCommand(Option.PYROSCOPE_UPLOAD_INTERVAL, value, text);
        default:
          break;
      }
    }
    throw new IllegalArgumentException("'" + text + "' is none of: " + USAGE);
  }

  /**
   * The setting's value where it was {@code before}: what is sampled by time are several things.
   *
   * @param configured what it is where nobody gave commands: what is switched on again is that
   */
  String after(@Nullable String before, @Nullable String configured) {
    if (option == Option.PYROSCOPE_PROFILER_ALLOC && value.equals("on") && configured != null) {
      return configured.matches("(?i)off|false") ? value : configured;
    }
    if (option != Option.PYROSCOPE_PROFILER_EVENT) {
      return value;
    }
    boolean wall = text.startsWith("wall");
    Set<String> events = those(before, wall ? CPU_OR_NOT : WALL);
    if (value.equals("on")) {
      Set<String> own = those(configured, wall ? WALL : CPU);
      if (wall && those(configured, CPU_OR_NOT).isEmpty()) {
        events.remove(NONE); // wall clock alone, in the place of which an engine may take CPU time
      }
      events.addAll(own.isEmpty() ? Collections.singleton(wall ? WALL : "cpu") : own);
    } else if (!wall) {
      events.add(NONE); // of wall clock alone an engine without it makes CPU time
    }
    return events.isEmpty() ? NONE : String.join(",", events);
  }

  private static Set<String> those(@Nullable String events, String names) {
    Set<String> found = new LinkedHashSet<>();
    for (String event : String.valueOf(events).toLowerCase(Locale.ROOT).split(",")) {
      String name = event.trim();
      if (name.matches(names)) {
        found.add(name);
      }
    }
    return found;
  }

  /** From what an agent was loaded with; null where it is no command. */
  static @Nullable ProfilerCommand ofArguments(@Nullable String arguments) {
    return arguments == null || !arguments.startsWith(PREFIX)
        ? null
        : of(arguments.substring(PREFIX.length()).split(" ", -1));
  }

  /** For the agent to be loaded with. */
  public String arguments() {
    return PREFIX + text;
  }

  private static boolean isSwitch(String word) {
    return word.equals("on") || word.equals("off");
  }

  private static void check(String text, String value, long least, long most) {
    long nanos = Settings.nanos(value, -1);
    if (nanos < least || nanos > most) {
      throw new IllegalArgumentException(
          "'"
              + text
              + "': a duration from "
              + least / MILLI
              + "ms to "
              + most / MILLI
              + "ms is needed, such as "
              + least / MILLI
              + "ms");
    }
  }

  /** As it was written. */
  @Override
  public String toString() {
    return text;
  }
}
