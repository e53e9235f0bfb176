package io.sonde.exporters.prometheus.write;

import io.sonde.core.metrics.Instrument;
import io.sonde.core.metrics.Labels;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is measured here, as Prometheus knows it: job, instance and target_info. */
final class Target {
  private static final Instrument INFO =
      new Instrument(Instrument.Kind.GAUGE, "target_info", "", "The resource.");

  private static final String NAME = "service.name";
  private static final String NAMESPACE = "service.namespace";
  private static final String INSTANCE = "service.instance.id";

  /** The labels of every series. */
  final Map<String, String> labels = new LinkedHashMap<>();

  final Point info;

  /** By OpenTelemetry's rules for Prometheus; what the user set goes before them. */
  Target(Map<String, Object> resource, Map<String, String> extra) {
    Object namespace = resource.get(NAMESPACE);
    Object name = resource.get(NAME);
    put("job", namespace == null || name == null ? name : namespace + "/" + name);
    put("instance", resource.get(INSTANCE));
    labels.putAll(extra);
    List<Object> rest = new ArrayList<>();
    resource.forEach(
        (key, value) -> {
          if (!key.equals(NAME) && !key.equals(NAMESPACE) && !key.equals(INSTANCE)) {
            rest.add(key);
            rest.add(value instanceof String[] ? String.join(",", (String[]) value) : value);
          }
        });
    info = Point.of(INFO, Labels.of(rest.toArray()), 1);
  }

  private void put(String label, @Nullable Object value) {
    if (value != null && !String.valueOf(value).isEmpty()) {
      labels.put(label, String.valueOf(value));
    }
  }
}
