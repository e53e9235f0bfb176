package io.sonde.exporters.prometheus;

import io.sonde.core.metrics.Instrument;
import java.util.HashMap;
import java.util.Map;

/** The names of an instrument's metric, by OpenTelemetry's rules for Prometheus. */
public final class PrometheusName {
  private static final Map<String, String> UNITS = new HashMap<>();

  static {
    UNITS.put("s", "seconds");
    UNITS.put("ms", "milliseconds");
    UNITS.put("us", "microseconds");
    UNITS.put("ns", "nanoseconds");
    UNITS.put("min", "minutes");
    UNITS.put("h", "hours");
    UNITS.put("d", "days");
    UNITS.put("By", "bytes");
    UNITS.put("KiBy", "kibibytes");
    UNITS.put("MiBy", "mebibytes");
    UNITS.put("KBy", "kilobytes");
    UNITS.put("MBy", "megabytes");
    UNITS.put("Hz", "hertz");
    UNITS.put("Cel", "celsius");
    UNITS.put("%", "percent");
  }

  /** The metric's name, with its unit, without _total. */
  public final String family;

  /** The unit in words, empty where it is none. */
  public final String unit;

  /** The names of {@code instrument}. */
  public PrometheusName(Instrument instrument) {
    String name = metric(instrument.name);
    if (instrument.kind == Instrument.Kind.COUNTER && name.endsWith("_total")) {
      name = name.substring(0, name.length() - "_total".length());
    }
    unit = unit(instrument);
    family = unit.isEmpty() || name.endsWith('_' + unit) ? name : name + '_' + unit;
  }

  private static String unit(Instrument instrument) {
    String unit = instrument.unit;
    if (unit.equals("1")) {
      return instrument.kind == Instrument.Kind.GAUGE ? "ratio" : "";
    }
    if (unit.isEmpty() || unit.indexOf('{') >= 0) {
      return "";
    }
    return sanitized(UNITS.getOrDefault(unit, unit));
  }

  /**
   * A label's name: with an underscore for what it may not have, and never two of them in a row.
   */
  public static String sanitized(String name) {
    return sanitized(name, false);
  }

  /** A metric's name, the same but that it may have colons. */
  public static String metric(String name) {
    return sanitized(name, true);
  }

  private static String sanitized(String name, boolean colons) {
    StringBuilder text = new StringBuilder(name.length());
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      boolean digit = c >= '0' && c <= '9';
      if (digit && i == 0) {
        text.append('_');
      }
      if (digit || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || colons && c == ':') {
        text.append(c);
      } else if (text.length() == 0 || text.charAt(text.length() - 1) != '_') {
        text.append('_');
      }
    }
    return text.toString();
  }
}
