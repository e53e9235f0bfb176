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

  /** Since when it is counted, in milliseconds since 1970; 0 where since the agent is there. */
  public final long since;

  /** Describes an instrument that has what the agent sees. */
  public Instrument(Kind kind, String name, String unit, String description) {
    this(kind, name, unit, description, 0);
  }

  /** The same, where somebody counted before the agent was there. */
  public Instrument since(long epochMillis) {
    return new Instrument(kind, name, unit, description, epochMillis);
  }

  private Instrument(Kind kind, String name, String unit, String description, long since) {
    this.since = since;
    this.kind = kind;
    this.name = name;
    this.unit = unit;
    this.description = description;
  }
}
