package io.sonde.agent;

import io.sonde.settings.Option;
import io.sonde.settings.Settings;
import org.jspecify.annotations.Nullable;

/**
 * What the profiler of a running JVM is told, checked by who tells it and once more by who is told.
 */
public final class ProfilerCommand {
  /** How it is written. */
  public static final String USAGE =
      "on, off, cpu DURATION, alloc on|off, lock DURATION|off, wall on|off, or window DURATION (such"
          + " as 10ms or 15s)";

  private static final String PREFIX = "profiler ";
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
          check(text, value, MILLI, SECOND);
          return new ProfilerCommand(Option.PYROSCOPE_PROFILING_INTERVAL, value, text);
        case "alloc":
          if (isSwitch(value)) {
            return new ProfilerCommand(Option.PYROSCOPE_PROFILER_ALLOC, value, text);
          }
          break;
        case "wall":
          if (isSwitch(value)) {
            String events = value.equals("on") ? "cpu,wall" : "cpu";
            return new ProfilerCommand(Option.PYROSCOPE_PROFILER_EVENT, events, text);
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
