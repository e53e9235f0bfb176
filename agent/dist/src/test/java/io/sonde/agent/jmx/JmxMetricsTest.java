package io.sonde.agent.jmx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sonde.core.metrics.Histogram;
import io.sonde.core.metrics.Instrument;
import io.sonde.core.metrics.Labels;
import io.sonde.core.metrics.MetricReader;
import java.lang.management.ManagementFactory;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.management.ObjectName;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rule files as people have them, over beans of this JVM. */
class JmxMetricsTest {
  private static final String QUEUE = "shop.orders:type=Queue,name=eu-west,broker=b1";

  /** A bean. */
  public interface QueueMBean {
    int getLength();

    String getRate();

    boolean isOpen();

    Map<String, Long> getUnreadable();

    long getBroken();

    String getText();
  }

  /** Its values. */
  public static final class Queue implements QueueMBean {
    @Override
    public int getLength() {
      return 7;
    }

    @Override
    public String getRate() {
      return "2500";
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public Map<String, Long> getUnreadable() {
      return Collections.emptyMap();
    }

    @Override
    public long getBroken() {
      throw new IllegalStateException("as beans do");
    }

    @Override
    public String getText() {
      return "ab".repeat(50_000);
    }
  }

  @BeforeAll
  static void register() throws Exception {
    ManagementFactory.getPlatformMBeanServer().registerMBean(new Queue(), new ObjectName(QUEUE));
  }

  @AfterAll
  static void unregister() throws Exception {
    ManagementFactory.getPlatformMBeanServer().unregisterMBean(new ObjectName(QUEUE));
  }

  @Test
  void rules_makeNamesLabelsValues_andTheFirstThatMatchesCounts() {
    Map<String, String> seen =
        read(
            "# as for the JMX exporter",
            "lowercaseOutputName: true",
            "lowercaseOutputLabelNames: true",
            "includeObjectNames: [\"shop.*:*\"]",
            "rules:",
            "  - pattern: 'shop.orders<type=(\\w+), name=([^,]+), broker=(.+)><>Length: (\\d+)'",
            "    name: Shop:$1_length",
            "    value: $4",
            "    valueFactor: 0.5",
            "    type: GAUGE",
            "    help: \"Orders in $2\"",
            "    labels:",
            "      Region: \"$2\"",
            "      Broker: $3  # which one",
            "  - pattern: \"shop.orders<type=Queue, name=(.+), .*><>Rate\"",
            "    name: shop_sold_total",
            "    type: COUNTER",
            "    labels: {region: '$1', shop: \"a, b\"}",
            "  - pattern: shop.orders<.*><>.*",
            "    name: never",
            "    value: none");
    assertEquals(
        Map.of(
            "shop:queue_length GAUGE broker=b1 region=eu-west ", "3.5",
            "shop_sold_total COUNTER region=eu-west shop=a, b ", "2500.0"),
        seen);
  }

  @Test
  void attributes_areThoseThatAreWanted_andTotalsCount() {
    String[] names = {
      "inferCounterTypeFromName: true",
      "autoExcludeObjectNameAttributes: true",
      "rules:",
      "- pattern: shop.orders<type=Queue.*><>(\\w+)",
      "  name: shop_$1_total",
      "  cache: true"
    };
    Map<String, String> length = Map.of("shop_Length_total COUNTER ", "7.0");
    Map<String, String> others =
        Map.of("shop_Open_total COUNTER ", "1.0", "shop_Rate_total COUNTER ", "2500.0");
    assertEquals(
        length,
        read(with(names, "includeObjectNameAttributes:", "  '" + QUEUE + "':", "  - Length")));
    assertEquals(
        others, read(with(names, "excludeObjectNameAttributes: {\"shop.*:*\": [Length, Broken]}")));
    assertTrue(JmxMetrics.of(String.join("\n", names)).ignored().isEmpty());
  }

  /** To ask Flight Recorder's bean for anything would start it. */
  @Test
  void everything_isReadWithoutFlightRecorder_andTheJvmsBeansWhereTheyAreWanted() {
    Map<String, String> all =
        read("rules: [{pattern: '(jdk.*|java.lang)<type=(.*)><.*>(.+):'," + " name: seen_$2_$3}]");
    assertTrue(all.containsKey("seen_Threading_ThreadCount GAUGE "), all::toString);
    assertEquals(
        List.of(), all.keySet().stream().filter(s -> s.contains("FlightRecorder")).toList());
    assertEquals(
        Map.of(),
        read(
            "excludeJvmMetrics: true",
            "rules:",
            "- pattern: 'java.lang<type=(.*)><.*>(.+):'",
            "  name: seen_$1_$2"));
  }

  private static String[] with(String[] lines, String... more) {
    return Stream.concat(Stream.of(more), Stream.of(lines)).toArray(String[]::new);
  }

  /** One name twice, or one series twice, makes the whole page unreadable. */
  @Test
  void labelsThatBecomeOneName_areOneLabel_whateverTheirOrder() {
    Map<String, String> seen =
        read(
            "lowercaseOutputLabelNames: true",
            "rules:",
            "  - pattern: shop.orders<.*><>(Length)",
            "    name: 9$1",
            "    labels: {\"a:b\": \"1\", \"A_b\": \"2\", \"9\": n, otel.scope.name: x}",
            "  - pattern: shop.orders<.*><>(Rate)",
            "    name: 9Length",
            "    labels: {\"9\": n, \"a_b\": \"1;2\"}");
    assertEquals(Map.of("_9Length GAUGE _9=n a_b=1;2 ", "7.0"), seen);
  }

  @Test
  void keysThatARuleDoesNotHave_areWithoutEffect_andNamed() {
    JmxMetrics metrics = JmxMetrics.of("rules: [{pattern: a, patern: b, cache: true}]\nssl: {}\n");
    assertEquals(Set.of("patern of a rule", "ssl"), metrics.ignored());
  }

  @Test
  void longText_takesNoMoreStackThanThereIs() {
    Map<String, String> seen =
        read(
            "includeObjectNames: ['shop.*:*']",
            "rules:",
            "- pattern: 'shop.orders<.*><>Text: ((a|b)*)'",
            "  name: text",
            "  value: 1",
            "- pattern: shop.orders<.*><>Length",
            "  name: length");
    assertEquals(Map.of("text GAUGE ", "1.0", "length GAUGE ", "7.0"), seen);
  }

  @Test
  void noRule_namesByDomainFirstPropertyAndAttribute() {
    Map<String, String> seen = read("whitelistObjectNames:", "- " + QUEUE);
    assertEquals(
        Map.of(
            "shop_orders_Queue_Length GAUGE broker=b1 name=eu-west ", "7.0",
            "shop_orders_Queue_Rate GAUGE broker=b1 name=eu-west ", "2500.0",
            "shop_orders_Queue_Open GAUGE broker=b1 name=eu-west ", "1.0"),
        seen);
  }

  @Test
  void compositesAndTables_areReadAllTheWay() {
    Map<String, String> seen =
        read(
            "includeObjectNames: ['java.lang:*']",
            "excludeObjectNames: ['java.lang:type=Runtime']",
            "rules:",
            "- pattern: java.lang<type=Memory><HeapMemoryUsage>used",
            "  name: heap",
            "- pattern: 'java.lang<type=GarbageCollector, name=(.*), key=(.*)><LastGcInfo, memoryUsageAfterGc>used'",
            "  name: after",
            "  labels: {pool: $2}",
            "- pattern: java.lang<type=Threading><>(ThreadCount)",
            "  attrNameSnakeCase: true",
            "  name: threads_$1",
            "- pattern: java.lang<type=Threading><>thread_count",
            "  attrNameSnakeCase: true",
            "  name: snake");
    assertTrue(Double.parseDouble(seen.get("heap GAUGE ")) > 1e6, seen::toString);
    assertTrue(Double.parseDouble(seen.get("snake GAUGE ")) > 1, seen::toString);
    assertEquals(List.of(), seen.keySet().stream().filter(s -> s.startsWith("threads")).toList());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "rules: 5 | rules is not a list: 5",
        "rules: [{pattern: '(', name: a}] | pattern '(': Unclosed group",
        "rules: [{name: a}] | a rule with a name must have a pattern: a",
        "rules: [{pattern: a, name: b, type: RATE}] | type is not COUNTER, GAUGE or UNTYPED: RATE",
        "rules: [{pattern: a, name: b, valueFactor: x}] | valueFactor is not a number: x",
        "whitelistObjectNames: ['::'] | whitelistObjectNames: '::' is no object name: Invalid character",
        "rules: [{pattern: 'a(b)', name: '$1_$2'}] | pattern has no group $2 for '$1_$2'",
        "rules: [{pattern: 'a', name: b, labels: {c: $9}}] | pattern has no group $9 for '$9'",
        "rules: [a] | a rule is not a map: a",
        "hostPort: localhost:1 | hostPort is for another JVM; rules are for the one that has the agent",
        "rules: [ | line 1: '[' has no end",
        "just text | the file is not a map of settings",
        "a: &b c | line 1: anchors and tags are not supported"
      })
  void mistake_isSaidInOneLine(String text, String message) {
    Exception thrown =
        assertThrows(
            IllegalArgumentException.class, () -> JmxMetrics.of(text.replace("\\n", "\n")));
    assertTrue(thrown.getMessage().startsWith(message), thrown.getMessage());
  }

  private static Map<String, String> read(String... lines) {
    Map<String, String> seen = new TreeMap<>();
    JmxMetrics.of(String.join("\n", lines))
        .read(
            new MetricReader() {
              private String metric = "";

              @Override
              public void instrument(Instrument instrument) {
                metric = instrument.name + ' ' + instrument.kind + ' ';
              }

              @Override
              public void number(Labels labels, long value) {
                number(labels, (double) value);
              }

              @Override
              public void number(Labels labels, double value) {
                StringBuilder text = new StringBuilder(metric);
                for (int i = 0; i < labels.size(); i++) {
                  text.append(labels.key(i)).append('=').append(labels.value(i)).append(' ');
                }
                seen.put(text.toString(), Double.toString(value));
              }

              @Override
              public void histogram(Labels labels, Histogram histogram) {
                throw new AssertionError();
              }
            });
    return seen;
  }
}
