package io.sonde.core.metrics;

/** What is measured: name, unit and kind as the semantic conventions have them. */
public final class Instrument {
  /** How its values behave. */
  public enum Kind {
    /** Only goes up. */
    COUNTER,
    /** A sum that goes up and down. */
    UP_DOWN_COUNTER,
    /** A value that is not a sum. */
    GAUGE,
    /** Values counted in buckets. */
    HISTOGRAM
  }

  public final Kind kind;
  public final String name;

  /** In UCUM, as OpenTelemetry has it. */
  public final String unit;

  public final String description;

  /** Describes an instrument. */
  public Instrument(Kind kind, String name, String unit, String description) {
    this.kind = kind;
    this.name = name;
    this.unit = unit;
    this.description = description;
  }
}
