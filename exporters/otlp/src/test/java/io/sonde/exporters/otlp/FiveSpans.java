package io.sonde.exporters.otlp;

import io.sonde.core.Delivery;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;

/** Five spans, whatever they are, and whose they are. */
final class FiveSpans implements Delivering.Body, Delivering.Owner {
  final List<String> said = new ArrayList<>();
  Runnable during = () -> {};
  boolean flushing;

  /** Brings them to {@code target}, for five minutes. */
  Delivering to(Target target, Delivery delivery, Pauses pauses) {
    SpanExporter.Timing timing = new SpanExporter.Timing(512, 5000, 300_000, 1000, pauses);
    return new Delivering(this, target, this, "spans", null, timing, delivery, delivery);
  }

  @Override
  public int count() {
    return 5;
  }

  @Override
  public void end() {}

  @Override
  public void writeMessage(OutputStream to) {
    during.run();
  }

  @Override
  public int getContentLength() {
    return 0;
  }

  @Override
  public boolean flushing() {
    return flushing;
  }

  @Override
  public String version() {
    return "1.2.3";
  }

  @Override
  public void over() {}

  @Override
  public void counted() {}

  @Override
  public void warn(String line) {
    said.add(line);
  }
}
