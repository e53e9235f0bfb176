package io.sonde.profiler;

import io.sonde.settings.Option;
import io.sonde.settings.Settings;
import java.util.Locale;

/** How a sample of an allocation says what was allocated. */
public enum AllocatedClass {
  /** Not at all. */
  OFF,
  /** As the frame above the method that allocated. */
  FRAME,
  /** As a label, of so many values that series stay few. */
  LABEL;

  static AllocatedClass of(Settings settings) {
    String name = String.valueOf(settings.text(Option.SONDE_PROFILER_ALLOCATED_CLASS));
    for (AllocatedClass one : values()) {
      if (one.name().toLowerCase(Locale.ROOT).equals(name)) {
        return one;
      }
    }
    settings.problem(Option.SONDE_PROFILER_ALLOCATED_CLASS.name(), name, "off, frame or label");
    return OFF;
  }
}
