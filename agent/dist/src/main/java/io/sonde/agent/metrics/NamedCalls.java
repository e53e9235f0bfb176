package io.sonde.agent.metrics;

import io.sonde.core.metrics.Histogram;
import io.sonde.core.metrics.Instrument;
import io.sonde.core.metrics.Labels;
import io.sonde.core.metrics.MetricReader;
import io.sonde.core.metrics.MetricSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The calls that were recorded once, read once, and shown under each set of names. */
final class NamedCalls implements MetricSource {
  private final MetricSource red;
  private final List<Naming> namings;

  NamedCalls(MetricSource red, List<Naming> namings) {
    this.red = red;
    this.namings = namings;
  }

  @Override
  public void read(MetricReader reader) {
    Copy copy = new Copy(reader);
    red.read(copy);
    for (Naming naming : namings) {
      naming.show(copy.calls, reader);
    }
  }

  /** What every set of names is made from, so that they agree; all but calls goes on as it is. */
  private static final class Copy implements MetricReader {
    final List<Calls> calls = new ArrayList<>();
    private final MetricReader reader;
    private @Nullable Instrument shown;
    private Instrument instrument = new Instrument(Instrument.Kind.HISTOGRAM, "", "", "");

    Copy(MetricReader reader) {
      this.reader = reader;
    }

    @Override
    public void instrument(Instrument next) {
      instrument = next;
    }

    @Override
    public void histogram(Labels labels, Histogram histogram) {
      calls.add(new Calls(instrument, labels, histogram));
    }

    @Override
    public void number(Labels labels, long value) {
      show();
      reader.number(labels, value);
    }

    @Override
    public void number(Labels labels, double value) {
      show();
      reader.number(labels, value);
    }

    private void show() {
      if (shown != instrument) {
        shown = instrument;
        reader.instrument(instrument);
      }
    }
  }
}
