package io.sonde.overhead;

import io.sonde.testing.OtlpSink;

/** Where one application's spans and profiles go, and are counted. */
record Sinks(OtlpSink spans, ProfileSink profiles) implements AutoCloseable {
  Sinks() {
    this(OtlpSink.counting(), new ProfileSink());
  }

  @Override
  public void close() {
    spans.close();
    profiles.close();
  }
}
