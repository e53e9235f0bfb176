package io.sonde.settings;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Who can be sent profiles. */
public enum ProfileExporters {
  PYROSCOPE(Option.PYROSCOPE_SERVER_ADDRESS),
  OTLP(Option.OTEL_EXPORTER_OTLP_PROFILES_ENDPOINT);

  private static final String EXPECTED = "pyroscope, otlp or none";

  /** What switches it on where nothing is said. */
  private final Option address;

  ProfileExporters(Option address) {
    this.address = address;
  }

  /** Whether this one is to be sent profiles. */
  public boolean isOn(Settings settings) {
    List<String> names = settings.list(Option.SONDE_PROFILES_EXPORTER);
    return names.isEmpty() ? settings.isSet(address) : names.contains(lower());
  }

  private String lower() {
    return this == OTLP ? "otlp" : "pyroscope";
  }

  /** Says what of the choice cannot be understood, or leads nowhere. */
  public static void check(Settings settings) {
    for (String name : settings.list(Option.SONDE_PROFILES_EXPORTER)) {
      String expected = expected(settings, name);
      if (expected != null) {
        settings.problem(Option.SONDE_PROFILES_EXPORTER.name(), name, expected);
      }
    }
  }

  private static @Nullable String expected(Settings settings, String name) {
    switch (name) {
      case "none":
        return null;
      case "otlp":
        return settings.isSet(OTLP.address) || settings.isSet(Option.OTEL_EXPORTER_OTLP_ENDPOINT)
            ? null
            : Option.OTEL_EXPORTER_OTLP_ENDPOINT + " with it";
      case "pyroscope":
        return settings.isSet(PYROSCOPE.address) ? null : PYROSCOPE.address + " with it";
      default:
        return EXPECTED;
    }
  }
}
