package io.sonde.agent;

import io.sonde.settings.Option;
import io.sonde.settings.Settings;
import java.util.LinkedHashMap;
import java.util.Map;

/** Says what process the telemetry comes from, by the resource conventions of OpenTelemetry. */
final class Resource {
  private Resource() {}

  static Map<String, Object> detect(Settings settings) {
    Map<String, Object> attributes = new LinkedHashMap<>();
    attributes.put("service.name", "unknown_service:java");
    attributes.put("telemetry.sdk.name", "sonde");
    attributes.put("telemetry.sdk.language", "java");
    attributes.put("telemetry.sdk.version", Version.TEXT);
    attributes.putAll(settings.pairs(Option.OTEL_RESOURCE_ATTRIBUTES));
    String name = settings.text(Option.OTEL_SERVICE_NAME);
    if (name != null) {
      attributes.put("service.name", name);
    }
    return attributes;
  }
}
