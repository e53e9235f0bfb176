package io.sonde.exporters.prometheus.write;

import io.sonde.core.Hex;
import io.sonde.core.Protobuf;
import io.sonde.core.metrics.Exemplar;
import io.sonde.core.metrics.Exponential;
import io.sonde.core.metrics.Instrument;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A Request of remote write 2.0: each text is there once, in front, and has a number. */
final class MessageTwo implements Message {
  private final long started;
  private final Protobuf symbols = new Protobuf(Integer.MAX_VALUE);
  private final Protobuf series = new Protobuf(Integer.MAX_VALUE);
  private final Map<String, Integer> numbers = new HashMap<>();
  private int type;
  private int help;
  private int unit;
  private boolean counts;
  private long begun;

  /**
   * Is empty.
   *
   * @param started since when the agent counts, in milliseconds since 1970
   */
  MessageTwo(long started) {
    this.started = started;
    symbol("");
  }

  private int symbol(String text) {
    Integer known = numbers.get(text);
    if (known != null) {
      return known;
    }
    int number = numbers.size();
    numbers.put(text, number);
    symbols.text(4, text);
    return number;
  }

  @Override
  public void metric(Instrument instrument, String name, String unit) {
    type = Message.type(instrument.kind);
    counts =
        instrument.kind == Instrument.Kind.COUNTER || instrument.kind == Instrument.Kind.HISTOGRAM;
    begun = instrument.since > 0 ? instrument.since : started;
    help = symbol(instrument.description);
    this.unit = symbol(unit);
  }

  @Override
  public void sample(Series of, double value, long time, @Nullable Exemplar exemplar) {
    int entry = begin(of);
    int sample = series.begin(2);
    series.real(1, value);
    series.number(2, time);
    if (counts) {
      series.number(3, begun);
    }
    series.end(sample);
    if (exemplar != null) {
      exemplar(exemplar);
    }
    end(entry);
  }

  @Override
  public void histogram(
      Series of, Exponential buckets, double sum, long time, List<Exemplar> exemplars) {
    int entry = begin(of);
    int histogram = series.begin(3);
    Message.write(series, buckets, sum, time);
    series.number(17, begun);
    series.end(histogram);
    exemplars.forEach(this::exemplar);
    end(entry);
  }

  private int begin(Series of) {
    int begun = series.begin(5);
    int labels = series.begin(1);
    for (int i = 0; i < of.size(); i++) {
      series.varint(symbol(of.name(i)));
      series.varint(symbol(of.value(i)));
    }
    series.end(labels);
    return begun;
  }

  private void end(int begun) {
    int metadata = series.begin(5);
    series.number(1, type);
    series.number(3, help);
    series.number(4, unit);
    series.end(metadata);
    series.end(begun);
  }

  private void exemplar(Exemplar exemplar) {
    int shown = series.begin(4);
    int labels = series.begin(1);
    series.varint(symbol("span_id"));
    series.varint(symbol(Hex.of(exemplar.spanId)));
    series.varint(symbol("trace_id"));
    series.varint(symbol(Hex.of(exemplar.traceHi, exemplar.traceLo)));
    series.end(labels);
    series.real(2, exemplar.value);
    series.number(3, exemplar.epochMillis);
    series.end(shown);
  }

  @Override
  public Protobuf end() {
    symbols.append(series);
    return symbols;
  }
}
