package io.sonde.agent.pprof;

import io.sonde.settings.Option;
import io.sonde.settings.Settings;
import java.util.Locale;

/** Who is given profiles at the endpoint. */
public enum Served {
  /** This machine, and whoever has a password. */
  AUTO,
  /** Everybody who reaches the port. */
  ON,
  /** Nobody. */
  OFF;

  /** As it is set. */
  public static Served of(Settings settings) {
    String name = String.valueOf(settings.text(Option.SONDE_PPROF));
    for (Served served : values()) {
      if (served.name().toLowerCase(Locale.ROOT).equals(name)) {
        return served;
      }
    }
    settings.problem(Option.SONDE_PPROF.name(), name, "auto, on or off");
    return AUTO;
  }
}
