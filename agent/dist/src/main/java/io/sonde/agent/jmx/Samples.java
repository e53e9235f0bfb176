package io.sonde.agent.jmx;

import io.sonde.core.metrics.Instrument;
import io.sonde.core.metrics.Instrument.Kind;
import io.sonde.core.metrics.Labels;
import io.sonde.core.metrics.MetricReader;
import io.sonde.exporters.prometheus.PrometheusName;
import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import org.jspecify.annotations.Nullable;

/** What the rules make of the values of one scrape, by the names of the metrics. */
final class Samples {
  static final int MAX = 10_000;
  private static final long STARTED = ManagementFactory.getRuntimeMXBean().getStartTime();
  private static final String SCOPE = "otel_scope_";

  private final Rules rules;
  private final Map<String, Metric> metrics = new TreeMap<>();
  private int size;

  Samples(Rules rules) {
    this.rules = rules;
  }

  boolean full() {
    return size >= MAX;
  }

  /**
   * Applies the first rule that matches.
   *
   * @param keys the bean's properties, in their order
   * @param path the keys that lead to the value inside of the attribute
   */
  void add(
      String domain,
      Map<String, String> keys,
      Iterable<String> path,
      String attribute,
      String description,
      Object value)
      throws RuleException {
    String bean = domain + angled(keys) + '<' + String.join(", ", path) + '>';
    for (Rule rule : rules.rules) {
      String shown = rule.snakeCase ? snake(attribute) : attribute;
      if (rule.pattern == null) {
        byDefault(domain, keys, path, shown, description, value);
        return;
      }
      Matcher found = rule.pattern.matcher(bean + shown + ": " + value);
      if (found.matches()) {
        if (rule.name == null) {
          byDefault(domain, keys, path, shown, description, value);
        } else {
          byRule(rule, rule.name, found, description + ' ' + bean + attribute, value);
        }
        return;
      }
    }
  }

  private void byRule(Rule rule, String name, Matcher found, String description, Object value)
      throws RuleException {
    String filled = PrometheusName.metric(Rule.filled(name, found));
    Double number = number(rule.value == null ? value : Rule.filled(rule.value, found));
    if (filled.isEmpty() || number == null) {
      return;
    }
    Map<String, String> labels = new TreeMap<>();
    for (Map.Entry<String, String> label : rule.labels.entrySet()) {
      label(labels, Rule.filled(label.getKey(), found), Rule.filled(label.getValue(), found));
    }
    String help = rule.help == null ? description : Rule.filled(rule.help, found);
    put(filled, rule.counter, help, labels, number * rule.factor);
  }

  /** domain_firstProperty_path_attribute, and the other properties as labels. */
  private void byDefault(
      String domain,
      Map<String, String> keys,
      Iterable<String> path,
      String attribute,
      String description,
      Object value) {
    Double number = number(value);
    if (number == null) {
      return;
    }
    StringBuilder name = new StringBuilder(domain);
    Map<String, String> labels = new TreeMap<>();
    boolean first = true;
    for (Map.Entry<String, String> key : keys.entrySet()) {
      if (first) {
        name.append('_').append(key.getValue());
      } else {
        label(labels, key.getKey(), key.getValue());
      }
      first = false;
    }
    path.forEach(step -> name.append('_').append(step));
    name.append('_').append(attribute);
    put(PrometheusName.metric(name.toString()), false, description, labels, number);
  }

  /**
   * By the name that it has in Prometheus, so that what is one series there is one here: without
   * those that say nothing, and those of the scope, which it has by itself.
   */
  private void label(Map<String, String> to, String key, String value) {
    String safe = PrometheusName.sanitized(key);
    String name = rules.lowercaseLabels ? safe.toLowerCase(Locale.ROOT) : safe;
    if (!name.isEmpty() && !value.isEmpty() && !name.startsWith(SCOPE)) {
      to.merge(name, value, (one, other) -> one + ';' + other);
    }
  }

  private void put(
      String name, boolean counter, String help, Map<String, String> labels, double value) {
    String shown = rules.lowercaseName ? name.toLowerCase(Locale.ROOT) : name;
    Object[] pairs = new Object[labels.size() * 2];
    int used = 0;
    for (Map.Entry<String, String> label : labels.entrySet()) {
      pairs[used++] = label.getKey();
      pairs[used++] = label.getValue();
    }
    boolean counts = counter || rules.totalsCount && shown.endsWith("_total");
    Metric metric =
        metrics.computeIfAbsent(shown, key -> new Metric(instrument(counts, key, help)));
    if (size < MAX && metric.values.putIfAbsent(Labels.of(pairs), value) == null) {
      size++;
    }
  }

  /** Nobody knows since when a bean counts; not for longer than the JVM is there. */
  private static Instrument instrument(boolean counter, String name, String help) {
    return counter
        ? new Instrument(Kind.COUNTER, name, "", help).since(STARTED)
        : new Instrument(Kind.GAUGE, name, "", help);
  }

  /** Hands all of them over; a metric has each set of labels once. */
  void read(MetricReader reader) {
    for (Metric metric : metrics.values()) {
      reader.instrument(metric.instrument);
      metric.values.forEach(reader::number);
    }
  }

  private static @Nullable Double number(Object value) {
    if (value instanceof Number) {
      return ((Number) value).doubleValue();
    }
    if (value instanceof Boolean) {
      return (Boolean) value ? 1.0 : 0.0;
    }
    try {
      return Double.valueOf(value.toString());
    } catch (NumberFormatException e) {
      return null;
    }
  }

  private static String angled(Map<String, String> keys) {
    StringBuilder text = new StringBuilder("<");
    keys.forEach(
        (key, value) ->
            text.append(text.length() > 1 ? ", " : "").append(key).append('=').append(value));
    return text.append('>').toString();
  }

  private static String snake(String name) {
    return name.replaceAll("([a-z0-9])([A-Z])", "$1_$2").toLowerCase(Locale.ROOT);
  }

  /** One metric and its values. */
  private static final class Metric {
    final Instrument instrument;
    final Map<Labels, Double> values = new LinkedHashMap<>();

    Metric(Instrument instrument) {
      this.instrument = instrument;
    }
  }
}
