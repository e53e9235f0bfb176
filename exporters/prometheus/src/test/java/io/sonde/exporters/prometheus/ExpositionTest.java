package io.sonde.exporters.prometheus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sonde.core.metrics.Exemplar;
import io.sonde.core.metrics.Exponential;
import io.sonde.core.metrics.Histogram;
import io.sonde.core.metrics.Instrument;
import io.sonde.core.metrics.Instrument.Kind;
import io.sonde.core.metrics.Labels;
import io.sonde.core.metrics.MetricSource;
import io.sonde.exporters.prometheus.Exposition.Format;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.StringJoiner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ExpositionTest {
  private static final MetricSource SOURCE =
      reader -> {
        reader.instrument(
            new Instrument(Kind.HISTOGRAM, "http.server.request.duration", "s", "How long."));
        Exemplar exemplar = new Exemplar(0x0af7L, 1, 0xb7ad6b71L, 0.25, 1_700_000_000_042L);
        reader.histogram(
            Labels.of("http.route", "/a", "http.response.status_code", 200L),
            new Histogram(
                new double[] {0.5, 1},
                new long[] {2, 0, 1},
                3.5,
                new Exemplar[] {exemplar, null, null}));
        reader.instrument(
            new Instrument(Kind.COUNTER, "jvm.class.loaded", "{class}", "Line \"1\"\n\\2"));
        reader.number(Labels.of("odd", "a\"b\\c\nd \u00fc \ud83d\ude00 \ud83d", "gone", null), 7);
        reader.instrument(new Instrument(Kind.GAUGE, "jvm.cpu.recent_utilization", "1", ""));
        reader.number(Labels.NONE, 0.5);
      };

  private static final Created CREATED = new Created(1_700_000_000_007L, true);

  private static String write(Format format) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new Exposition(SOURCE, Labels.of("service.name", "shop"), "1.2").write(format, out);
    return out.toString(StandardCharsets.UTF_8);
  }

  private static final String SCOPE = "otel_scope_name=\"io.sonde\",otel_scope_version=\"1.2\"";
  private static final String ROUTE =
      SCOPE + ",http_route=\"/a\",http_response_status_code=\"200\"";

  @Test
  void text() throws IOException {
    assertEquals(
        """
        # TYPE target_info gauge
        # HELP target_info The resource.
        target_info{service_name="shop"} 1
        # TYPE http_server_request_duration_seconds histogram
        # HELP http_server_request_duration_seconds How long.
        http_server_request_duration_seconds_bucket{ROUTE,le="0.5"} 2
        http_server_request_duration_seconds_bucket{ROUTE,le="1.0"} 2
        http_server_request_duration_seconds_bucket{ROUTE,le="+Inf"} 3
        http_server_request_duration_seconds_sum{ROUTE} 3.5
        http_server_request_duration_seconds_count{ROUTE} 3
        # TYPE jvm_class_loaded_total counter
        # HELP jvm_class_loaded_total Line "1"\\n\\\\2
        jvm_class_loaded_total{SCOPE,odd="a\\"b\\\\c\\nd \u00fc \ud83d\ude00 ?"} 7
        # TYPE jvm_cpu_recent_utilization_ratio gauge
        jvm_cpu_recent_utilization_ratio{SCOPE} 0.5
        """
            .replace("ROUTE", ROUTE)
            .replace("SCOPE", SCOPE),
        write(Format.TEXT));
  }

  /** The user may choose any keys, and one name twice makes the whole page unreadable. */
  @Test
  void resourceKeysThatBecomeOneName_areOneLabel() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Labels resource = Labels.of("team.name", "a", "", "none", "team_name", "b", "1-x", 1L);
    new Exposition(reader -> {}, resource, "1.2").write(Format.TEXT, out);
    assertEquals(
        """
        # TYPE target_info gauge
        # HELP target_info The resource.
        target_info{team_name="a;b",_1_x="1"} 1
        """,
        out.toString(StandardCharsets.UTF_8));
  }

  /** The same for a series of a rule file; the scope's are the agent's own. */
  @ParameterizedTest
  @EnumSource(Format.class)
  void labelsThatBecomeOneName_areOneLabel_andTheScopesWin(Format format) throws IOException {
    MetricSource source =
        reader -> {
          reader.instrument(new Instrument(Kind.GAUGE, "app:orders", "", ""));
          reader.number(
              Labels.of("a:b", "1", "9", "n", "a_b", "2", "otel.scope.name", "x", "", "y"), 7);
        };
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new Exposition(source, Labels.NONE, "1.2").write(format, out);
    if (format == Format.PROTOBUF) {
      String page = messages(out.toByteArray());
      assertTrue(
          page.contains(
              "1=app:orders 2= 3=1 4={1={1=otel_scope_name 2=io.sonde}"
                  + " 1={1=otel_scope_version 2=1.2} 1={1=a_b 2=1;2} 1={1=_9 2=n} 2={1=7.0}}"),
          page);
    } else {
      String page = out.toString(StandardCharsets.UTF_8);
      assertTrue(page.contains("\napp:orders{" + SCOPE + ",a_b=\"1;2\",_9=\"n\"} 7"), page);
    }
  }

  @Test
  void openMetrics() throws IOException {
    assertEquals(
        """
        # TYPE target info
        # HELP target The resource.
        target_info{service_name="shop"} 1
        # TYPE http_server_request_duration_seconds histogram
        # UNIT http_server_request_duration_seconds seconds
        # HELP http_server_request_duration_seconds How long.
        http_server_request_duration_seconds_bucket{ROUTE,le="0.5"} 2 EXEMPLAR
        http_server_request_duration_seconds_bucket{ROUTE,le="1.0"} 2
        http_server_request_duration_seconds_bucket{ROUTE,le="+Inf"} 3
        http_server_request_duration_seconds_sum{ROUTE} 3.5
        http_server_request_duration_seconds_count{ROUTE} 3
        # TYPE jvm_class_loaded counter
        # HELP jvm_class_loaded Line \\"1\\"\\n\\\\2
        jvm_class_loaded_total{SCOPE,odd="a\\"b\\\\c\\nd \u00fc \ud83d\ude00 ?"} 7.0
        # TYPE jvm_cpu_recent_utilization_ratio gauge
        # UNIT jvm_cpu_recent_utilization_ratio ratio
        jvm_cpu_recent_utilization_ratio{SCOPE} 0.5
        # EOF
        """
            .replace("ROUTE", ROUTE)
            .replace("SCOPE", SCOPE)
            .replace(
                "EXEMPLAR",
                "# {trace_id=\"0000000000000af70000000000000001\",span_id=\"00000000b7ad6b71\"}"
                    + " 0.25 1700000000.042"),
        write(Format.OPEN_METRICS));
  }

  /** Prometheus's tool takes a gauge of that name for a histogram without its buckets. */
  @Test
  void gaugeNamedAsAPartOfAHistogram_hasNoType_inTheOldTextAlone() throws IOException {
    MetricSource source =
        reader -> {
          for (String name : List.of("jvm.thread.count", "heap.sum", "rain.bucket", "counts")) {
            reader.instrument(new Instrument(Kind.UP_DOWN_COUNTER, name, "{thread}", ""));
            reader.number(Labels.NONE, 7);
          }
        };
    assertEquals(
        List.of(
            "jvm_thread_count untyped", "heap_sum untyped", "rain_bucket untyped", "counts gauge"),
        types(source, Format.TEXT));
    assertEquals(
        List.of("jvm_thread_count gauge", "heap_sum gauge", "rain_bucket gauge", "counts gauge"),
        types(source, Format.OPEN_METRICS));
  }

  private static List<String> types(MetricSource source, Format format) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new Exposition(source, Labels.NONE, "1.2").write(format, out);
    return out.toString(StandardCharsets.UTF_8)
        .lines()
        .filter(line -> line.startsWith("# TYPE ") && !line.contains(" target"))
        .map(line -> line.substring("# TYPE ".length()))
        .toList();
  }

  /** The fields by their numbers in the definition of Prometheus's messages. */
  @Test
  void protobuf() throws IOException {
    MetricSource source =
        reader -> {
          reader.instrument(new Instrument(Kind.HISTOGRAM, "took", "s", "Long."));
          reader.histogram(
              Labels.of("a", "b"),
              new Histogram(
                  new double[] {0.5},
                  new long[] {4, 1},
                  3.5,
                  new Exemplar[] {new Exemplar(1, 2, 3, 0.25, 1_700_000_000_042L), null},
                  Double.NaN,
                  new Exponential(3, 0.25, 1, -9, new long[] {3, 0, 0, 1, 0, 0, 0, 1})));
          reader.instrument(
              new Instrument(Kind.COUNTER, "lost", "{thing}", "").since(1_600_000_000_000L));
          reader.number(Labels.NONE, 7);
        };
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new Exposition(source, Labels.of("service.name", "shop"), "1", Histograms.BOTH, CREATED)
        .write(Format.PROTOBUF, out);
    String scope = "1={1=otel_scope_name 2=io.sonde} 1={1=otel_scope_version 2=1}";
    assertEquals(
        """
        1=target_info 2=The resource. 3=1 4={1={1=service_name 2=shop} 2={1=1.0}}
        1=took_seconds 2=Long. 3=4 5=seconds 4={SCOPE 1={1=a 2=b} 7={1=6 2=3.5 \
        3={1=4 2=0.5 3={1={1=trace_id 2=00000000000000010000000000000002} \
        1={1=span_id 2=0000000000000003} 2=0.25 3={1=1700000000 2=42000000}}} \
        3={1=6 2=Infinity} 5=6 6=0.25 7=1 12={1=17 2=4} 12={1=6 2=1} 13=3,-3,0,1,0 15={1=1700000000 2=7000000}}}
        1=lost_total 2= 3=0 4={SCOPE 3={1=7.0 3={1=1600000000 2=0}}}
        """
            .replace("SCOPE", scope),
        messages(out.toByteArray()));
  }

  @Test
  void openMetrics_saysSinceWhenItCounts_whereThatIsWanted() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new Exposition(SOURCE, Labels.NONE, "1.2", Histograms.CLASSIC, CREATED)
        .write(Format.OPEN_METRICS, out);
    List<String> created =
        out.toString(StandardCharsets.UTF_8).lines().filter(l -> l.contains("_created")).toList();
    assertEquals(2, created.size(), created::toString);
    assertEquals(
        "http_server_request_duration_seconds_created{" + ROUTE + "} 1700000000.007",
        created.get(0));
    assertTrue(created.get(1).startsWith("jvm_class_loaded_created{"), created::toString);
    assertTrue(created.get(1).endsWith(" 1700000000.007"), created::toString);
    out.reset();
    new Exposition(SOURCE, Labels.NONE, "1.2", Histograms.CLASSIC, CREATED).write(Format.TEXT, out);
    assertFalse(out.toString(StandardCharsets.UTF_8).contains("_created"));
  }

  private static String messages(byte[] bytes) {
    ByteBuffer page = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    StringBuilder text = new StringBuilder();
    while (page.hasRemaining()) {
      text.append(message(page, (int) varint(page))).append('\n');
    }
    return text.toString();
  }

  private static long varint(ByteBuffer bytes) {
    long value = 0;
    for (int shift = 0; ; shift += 7) {
      byte b = bytes.get();
      value |= (long) (b & 0x7F) << shift;
      if (b >= 0) {
        return value;
      }
    }
  }

  /** Its fields by number; what is all printable is text, field 13 a row of deltas. */
  private static String message(ByteBuffer bytes, int length) {
    StringJoiner fields = new StringJoiner(" ");
    for (int end = bytes.position() + length; bytes.position() < end; ) {
      int tag = (int) varint(bytes);
      String value =
          switch (tag & 7) {
            case 0 -> Long.toString(varint(bytes));
            case 1 -> Double.toString(bytes.getDouble());
            default -> inner(bytes, (int) varint(bytes), tag >> 3);
          };
      fields.add((tag >> 3) + "=" + value);
    }
    return fields.toString();
  }

  private static String inner(ByteBuffer bytes, int length, int field) {
    byte[] inner = new byte[length];
    bytes.get(bytes.position(), inner);
    String text = new String(inner, StandardCharsets.UTF_8);
    if (field != 13 && text.chars().noneMatch(c -> c < ' ' || c > '~')) {
      bytes.position(bytes.position() + length);
      return text;
    }
    if (field != 13) {
      return '{' + message(bytes, length) + '}';
    }
    StringJoiner deltas = new StringJoiner(",");
    for (int end = bytes.position() + length; bytes.position() < end; ) {
      long zigzag = varint(bytes);
      deltas.add(Long.toString(zigzag >>> 1 ^ -(zigzag & 1)));
    }
    return deltas.toString();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "none",
      value = {
        "none|TEXT",
        "*/*|TEXT",
        "text/plain|TEXT",
        "application/openmetrics-text|OPEN_METRICS",
        "application/openmetrics-text;q=0|TEXT",
        "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;"
            + "encoding=delimited;q=0.6,application/openmetrics-text;version=1.0.0;q=0.5,"
            + "text/plain;version=0.0.4;q=0.3,*/*;q=0.2|PROTOBUF",
        "application/vnd.google.protobuf;encoding=text,text/plain|TEXT",
        "application/openmetrics-text;q=x|TEXT",
        "application/openmetrics-text;version=1.0.0;q=0.2,text/plain;q=0.5|TEXT",
        "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,"
            + "application/openmetrics-text;version=0.0.1;q=0.5,"
            + "text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,"
            + "text/plain;version=0.0.4;q=0.3,*/*;q=0.2|OPEN_METRICS"
      })
  void format_isTheOneAskedFor(String accept, Format format) {
    assertEquals(format, Format.of(accept));
  }
}
