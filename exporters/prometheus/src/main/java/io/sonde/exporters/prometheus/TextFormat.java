package io.sonde.exporters.prometheus;

import io.sonde.core.metrics.Exemplar;
import io.sonde.core.metrics.Histogram;
import io.sonde.core.metrics.Instrument;
import io.sonde.core.metrics.Labels;
import io.sonde.core.metrics.MetricReader;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Writes metrics as text: Prometheus's format 0.0.4, or OpenMetrics 1.0 with exemplars.
 *
 * <p>The instruments of several sources must not repeat a name.
 */
final class TextFormat implements MetricReader {
  private final Utf8Out out;
  private final boolean openMetrics;
  private final String scope;
  private final Created created;
  private final PrometheusLabels own;
  private final StringBuilder labels = new StringBuilder();
  private String name = "";
  private String family = "";
  private String since = "";
  private double[] lastBounds = {};
  private String[] boundTexts = {"+Inf"};

  /**
   * Writes to {@code out}.
   *
   * @param scope labels that every series has, before its own
   */
  TextFormat(OutputStream out, boolean openMetrics, Labels scope, Created created) {
    this.created = created;
    this.out = new Utf8Out(out);
    this.openMetrics = openMetrics;
    own = new PrometheusLabels(scope);
    new PrometheusLabels(Labels.NONE).forEach(scope, this::label);
    this.scope = labels.toString();
  }

  /** Ends the document. */
  void end() {
    if (openMetrics) {
      out.append("# EOF\n");
    }
    out.flush();
  }

  /** The resource's attributes, as target_info. */
  void target(Labels resource) {
    head("target", openMetrics ? "info" : "gauge", "", "The resource.", "_info");
    labels.setLength(0);
    new PrometheusLabels(Labels.NONE).forEach(resource, this::label);
    sample("target_info", bytes(labels), null).append("1\n");
  }

  @Override
  public void instrument(Instrument instrument) {
    PrometheusName names = new PrometheusName(instrument);
    boolean counter = instrument.kind == Instrument.Kind.COUNTER;
    head(
        names.family,
        type(instrument.kind, names.family),
        names.unit,
        instrument.description,
        counter ? "_total" : "");
    family = names.family;
    name = counter ? names.family + "_total" : names.family;
    long begun = openMetrics && created.asLines ? created.of(instrument) : 0;
    since = begun == 0 ? "" : seconds(begun);
  }

  /**
   * In Prometheus's own format what is called {@code _count}, as several of the conventions'
   * metrics are, is taken for a part of a histogram that is missing, unless it has no type.
   */
  private String type(Instrument.Kind kind, String family) {
    if (kind == Instrument.Kind.COUNTER) {
      return "counter";
    }
    if (kind == Instrument.Kind.HISTOGRAM) {
      return "histogram";
    }
    boolean ofHistograms =
        family.endsWith("_count") || family.endsWith("_sum") || family.endsWith("_bucket");
    return ofHistograms && !openMetrics ? "untyped" : "gauge";
  }

  private void head(String family, String type, String unit, String help, String suffix) {
    String shown = openMetrics ? family : family + suffix;
    out.append("# TYPE ").append(shown).append(' ').append(type).append('\n');
    if (openMetrics && !unit.isEmpty()) {
      out.append("# UNIT ").append(shown).append(' ').append(unit).append('\n');
    }
    if (!help.isEmpty()) {
      out.append("# HELP ").append(shown).append(' ');
      String escaped = help.replace("\\", "\\\\").replace("\n", "\\n");
      // Prometheus's own format has quotes in a help text as they are.
      out.append(openMetrics ? escaped.replace("\"", "\\\"") : escaped).append('\n');
    }
  }

  @Override
  public void number(Labels of, long value) {
    byte[] text = labels(of);
    sample(name, text, null).append(Long.toString(value));
    if (openMetrics) {
      out.append(".0");
    }
    out.append('\n');
    since(text);
  }

  @Override
  public void number(Labels of, double value) {
    byte[] text = labels(of);
    sample(name, text, null).append(text(value)).append('\n');
    since(text);
  }

  @Override
  public void histogram(Labels of, Histogram histogram) {
    byte[] text = labels(of);
    String[] shown = texts(histogram.bounds);
    long count = 0;
    for (int i = 0; i < histogram.counts.length; i++) {
      count += histogram.counts[i];
      sample(name, "_bucket", text, shown[i]).append(Long.toString(count));
      Exemplar exemplar = openMetrics ? histogram.exemplars[i] : null;
      if (exemplar != null) {
        append(exemplar);
      }
      out.append('\n');
    }
    sample(name, "_sum", text, null).append(text(histogram.sum)).append('\n');
    sample(name, "_count", text, null).append(Long.toString(count)).append('\n');
    since(text);
  }

  private void since(byte[] labels) {
    if (!since.isEmpty()) {
      sample(family, "_created", labels, null).append(since).append('\n');
    }
  }

  private static String seconds(long epochMillis) {
    String millis = Long.toString(1000 + epochMillis % 1000);
    return epochMillis / 1000 + "." + millis.substring(1);
  }

  /** The bounds as text; those of one instrument are the same array each time. */
  private String[] texts(double[] bounds) {
    String[] texts = boundTexts;
    if (bounds != lastBounds) {
      texts = new String[bounds.length + 1];
      for (int i = 0; i < bounds.length; i++) {
        texts[i] = text(bounds[i]);
      }
      texts[bounds.length] = "+Inf";
      boundTexts = texts;
      lastBounds = bounds;
    }
    return texts;
  }

  private void append(Exemplar exemplar) {
    out.append(" # {trace_id=\"");
    hex(exemplar.traceHi);
    hex(exemplar.traceLo);
    out.append("\",span_id=\"");
    hex(exemplar.spanId);
    out.append("\"} ").append(text(exemplar.value)).append(' ');
    out.append(seconds(exemplar.epochMillis));
  }

  private void hex(long id) {
    for (int shift = 60; shift >= 0; shift -= 4) {
      out.append("0123456789abcdef".charAt((int) (id >>> shift) & 15));
    }
  }

  private Utf8Out sample(String name, byte[] labels, @Nullable String bound) {
    return sample(name, "", labels, bound);
  }

  private Utf8Out sample(String name, String suffix, byte[] labels, @Nullable String bound) {
    out.append(name).append(suffix);
    if (labels.length > 0 || bound != null) {
      out.append('{').append(labels);
      if (bound != null) {
        out.append(labels.length > 0 ? "," : "").append("le=\"").append(bound).append('"');
      }
      out.append('}');
    }
    return out.append(' ');
  }

  private byte[] labels(Labels of) {
    labels.setLength(0);
    labels.append(scope);
    own.forEach(of, this::label);
    return bytes(labels);
  }

  /** Encoded once for all lines of a histogram; half a character of two becomes a question mark. */
  private static byte[] bytes(StringBuilder text) {
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  private void label(String name, String value) {
    StringBuilder text = labels;
    if (text.length() > 0) {
      text.append(',');
    }
    text.append(name).append("=\"");
    for (int c = 0; c < value.length(); c++) {
      char at = value.charAt(c);
      if (at == '\n') {
        text.append("\\n");
      } else {
        text.append(at == '"' || at == '\\' ? "\\" : "").append(at);
      }
    }
    text.append('"');
  }

  private static String text(double value) {
    if (value == Double.POSITIVE_INFINITY) {
      return "+Inf";
    }
    if (value == Double.NEGATIVE_INFINITY) {
      return "-Inf";
    }
    return Double.toString(value);
  }

  /** Text as UTF-8, without a stop at surrogates that stand alone. */
  private static final class Utf8Out {
    private final OutputStream to;
    private final byte[] buffer = new byte[8 * 1024];
    private int used;

    Utf8Out(OutputStream to) {
      this.to = to;
    }

    Utf8Out append(CharSequence text) {
      for (int i = 0; i < text.length(); i++) {
        char c = text.charAt(i);
        if (c < 0x80) {
          write(c);
        } else if (c < 0x800) {
          write(0xC0 | c >> 6);
          write(0x80 | c & 0x3F);
        } else if (Character.isHighSurrogate(c)
            && i + 1 < text.length()
            && Character.isLowSurrogate(text.charAt(i + 1))) {
          int point = Character.toCodePoint(c, text.charAt(++i));
          write(0xF0 | point >> 18);
          write(0x80 | point >> 12 & 0x3F);
          write(0x80 | point >> 6 & 0x3F);
          write(0x80 | point & 0x3F);
        } else if (Character.isSurrogate(c)) {
          write('?');
        } else {
          write(0xE0 | c >> 12);
          write(0x80 | c >> 6 & 0x3F);
          write(0x80 | c & 0x3F);
        }
      }
      return this;
    }

    Utf8Out append(char ascii) {
      write(ascii);
      return this;
    }

    Utf8Out append(byte[] utf8) {
      if (used + utf8.length > buffer.length) {
        drain();
      }
      if (utf8.length > buffer.length) {
        for (byte b : utf8) {
          write(b);
        }
      } else {
        System.arraycopy(utf8, 0, buffer, used, utf8.length);
        used += utf8.length;
      }
      return this;
    }

    private void write(int b) {
      if (used == buffer.length) {
        drain();
      }
      buffer[used++] = (byte) b;
    }

    private void drain() {
      try {
        to.write(buffer, 0, used);
        used = 0;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    void flush() {
      drain();
      try {
        to.flush();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
