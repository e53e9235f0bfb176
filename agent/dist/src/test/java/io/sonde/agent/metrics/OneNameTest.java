package io.sonde.agent.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sonde.core.metrics.Exemplar;
import io.sonde.core.metrics.Histogram;
import io.sonde.core.metrics.Instrument;
import io.sonde.core.metrics.Instrument.Kind;
import io.sonde.core.metrics.Labels;
import io.sonde.core.metrics.MetricSource;
import io.sonde.exporters.prometheus.Exposition;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page that is scraped where a rule file names metrics like others. */
class OneNameTest {
  @Test
  void namesOfSamples_areThereOnce_andWhatIsLeftOutIsSaid(@TempDir Path directory)
      throws IOException {
    Path rules =
        Files.writeString(
            directory.resolve("rules.yaml"),
            """
            includeObjectNames: ['java.lang:type=Runtime']
            rules:
            - {pattern: '<>Pid', name: took_seconds_count}
            - {pattern: '<>Uptime', name: 'target:info'}
            - {pattern: '<>StartTime', name: target_info}
            - {pattern: '<>VmName', name: dup, value: 1, type: COUNTER}
            - {pattern: '<>VmVendor', name: dup_total, value: 1}
            - {pattern: '<>VmVersion', name: executor_threads_peak, value: 1}
            - {pattern: '<>SpecName', name: executor_threads, value: 1}
            """);
    List<String> said = new ArrayList<>();
    JmxRules beans = new JmxRules(rules.toString(), said::add);
    MetricSource all =
        reader -> {
          OneName names = new OneName(reader);
          names.instrument(new Instrument(Kind.HISTOGRAM, "took", "s", ""));
          names.histogram(
              Labels.NONE, new Histogram(new double[0], new long[1], 0, new Exemplar[1]));
          names.instrument(new Instrument(Kind.UP_DOWN_COUNTER, "executor.threads", "{t}", ""));
          names.number(Labels.NONE, 1);
          names.guests();
          beans.read(names);
          beans.leftOut(names.leftOut());
        };
    Exposition page = new Exposition(all, Labels.NONE, "1");
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    page.write(Exposition.Format.TEXT, out);
    page.write(Exposition.Format.TEXT, new ByteArrayOutputStream());
    assertEquals(
        List.of(
            "# TYPE target_info gauge",
            "# TYPE took_seconds histogram",
            "# TYPE executor_threads gauge",
            "# TYPE dup_total counter",
            "# TYPE executor_threads_peak gauge",
            "# TYPE target:info gauge"),
        out.toString(StandardCharsets.UTF_8)
            .lines()
            .filter(line -> line.startsWith("# TYPE"))
            .toList());
    assertEquals(
        List.of(
            "SONDE_JMX_CONFIG "
                + rules
                + ": left out, as Prometheus has another metric of that name:"
                + " dup_total, executor_threads, target_info, took_seconds_count"),
        said);
  }
}
