package io.sonde.exporters.prometheus.write;

import io.sonde.core.Hex;
import io.sonde.core.Protobuf;
import io.sonde.core.metrics.Exemplar;
import io.sonde.core.metrics.Exponential;
import io.sonde.core.metrics.Instrument;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A WriteRequest of remote write 1.0. */
final class MessageOne implements Message {
  private final Protobuf out = new Protobuf(Integer.MAX_VALUE);

  @Override
  public void metric(Instrument instrument, String name, String unit) {
    int metadata = out.begin(3);
    out.number(1, Message.type(instrument.kind));
    out.text(2, name);
    out.text(4, instrument.description);
    out.text(5, unit);
    out.end(metadata);
  }

  @Override
  public void sample(Series series, double value, long time, @Nullable Exemplar exemplar) {
    int begun = out.begin(1);
    for (int i = 0; i < series.size(); i++) {
      label(series.name(i), series.value(i));
    }
    int sample = out.begin(2);
    out.real(1, value);
    out.number(2, time);
    out.end(sample);
    if (exemplar != null) {
      exemplar(exemplar);
    }
    out.end(begun);
  }

  @Override
  public void histogram(
      Series series, Exponential buckets, double sum, long time, List<Exemplar> exemplars) {
    int begun = out.begin(1);
    for (int i = 0; i < series.size(); i++) {
      label(series.name(i), series.value(i));
    }
    exemplars.forEach(this::exemplar);
    int histogram = out.begin(4);
    Message.write(out, buckets, sum, time);
    out.end(histogram);
    out.end(begun);
  }

  private void exemplar(Exemplar exemplar) {
    int shown = out.begin(3);
    label("trace_id", Hex.of(exemplar.traceHi, exemplar.traceLo));
    label("span_id", Hex.of(exemplar.spanId));
    out.real(2, exemplar.value);
    out.number(3, exemplar.epochMillis);
    out.end(shown);
  }

  private void label(String name, String value) {
    int label = out.begin(1);
    out.text(1, name);
    out.text(2, value);
    out.end(label);
  }

  @Override
  public Protobuf end() {
    return out;
  }
}
