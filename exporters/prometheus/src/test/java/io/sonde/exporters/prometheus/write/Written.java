package io.sonde.exporters.prometheus.write;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A request as its receiver reads it. */
final class Written {
  /** A sample by its series, such as {@code up{job="a"}}. */
  final Map<String, Double> samples = new LinkedHashMap<>();

  final Map<String, String> exemplars = new LinkedHashMap<>();
  final Map<String, Long> starts = new LinkedHashMap<>();
  final Map<String, String> types = new LinkedHashMap<>();
  long time;

  private final List<String> symbols = new ArrayList<>();

  /** The fields of a message. */
  private static final class Fields {
    private final ByteBuffer bytes;
    int number;

    Fields(byte[] bytes) {
      this.bytes = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    boolean next() {
      if (!bytes.hasRemaining()) {
        return false;
      }
      number = (int) (varint() >>> 3);
      return true;
    }

    boolean hasMore() {
      return bytes.hasRemaining();
    }

    long varint() {
      long value = 0;
      for (int shift = 0; ; shift += 7) {
        byte b = bytes.get();
        value |= (long) (b & 0x7F) << shift;
        if (b >= 0) {
          return value;
        }
      }
    }

    double real() {
      return bytes.getDouble();
    }

    byte[] message() {
      byte[] inner = new byte[(int) varint()];
      bytes.get(inner);
      return inner;
    }

    String text() {
      return new String(message(), StandardCharsets.UTF_8);
    }
  }

  static Written of(byte[] compressed, boolean two) throws Exception {
    Written written = new Written();
    Fields request = new Fields(org.xerial.snappy.Snappy.uncompress(compressed));
    while (request.next()) {
      if (two && request.number == 4) {
        written.symbols.add(request.text());
      } else if (request.number == (two ? 5 : 1)) {
        written.series(new Fields(request.message()), two);
      } else {
        written.metadata(new Fields(request.message()));
      }
    }
    return written;
  }

  private void metadata(Fields metadata) {
    String type = "";
    String name = "";
    while (metadata.next()) {
      if (metadata.number == 1) {
        type = "type " + metadata.varint();
      } else if (metadata.number == 2) {
        name = metadata.text();
      } else {
        type += " " + metadata.text();
      }
    }
    types.put(name, type);
  }

  private void series(Fields series, boolean two) {
    List<String> labels = new ArrayList<>();
    while (series.next()) {
      Fields inner = new Fields(series.message());
      String of = text(labels);
      if (series.number == 1) {
        if (two) {
          labels.addAll(references(inner));
        } else {
          labels.addAll(label(inner));
        }
      } else if (series.number == 2) {
        sample(inner, of);
      } else if (series.number == (two ? 4 : 3)) {
        exemplars.put(of, exemplar(inner, two));
      } else if (two && series.number == 5) {
        inner.next();
        String type = "type " + inner.varint();
        inner.next();
        type += " " + symbols.get((int) inner.varint());
        inner.next();
        types.put(labels.get(1), type + " " + symbols.get((int) inner.varint()));
      }
    }
  }

  private void sample(Fields sample, String of) {
    while (sample.next()) {
      if (sample.number == 1) {
        samples.put(of, sample.real());
      } else if (sample.number == 2) {
        time = sample.varint();
      } else {
        starts.put(of, sample.varint());
      }
    }
  }

  private String exemplar(Fields exemplar, boolean two) {
    List<String> labels = new ArrayList<>();
    double value = 0;
    long at = 0;
    while (exemplar.next()) {
      if (exemplar.number == 1) {
        Fields inner = new Fields(exemplar.message());
        labels.addAll(two ? references(inner) : label(inner));
      } else if (exemplar.number == 2) {
        value = exemplar.real();
      } else {
        at = exemplar.varint();
      }
    }
    int id = labels.indexOf("trace_id");
    return labels.get(id + 1) + " " + value + " " + at;
  }

  private List<String> references(Fields packed) {
    List<String> texts = new ArrayList<>();
    while (packed.hasMore()) {
      texts.add(symbols.get((int) packed.varint()));
    }
    return texts;
  }

  private static List<String> label(Fields label) {
    label.next();
    String name = label.text();
    label.next();
    return List.of(name, label.text());
  }

  private static String text(List<String> labels) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < labels.size(); i += 2) {
      text.append(i == 0 ? "" : ",").append(labels.get(i)).append('=').append(labels.get(i + 1));
    }
    return text.toString();
  }
}
