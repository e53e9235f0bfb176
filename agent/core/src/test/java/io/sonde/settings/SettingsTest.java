package io.sonde.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SettingsTest {
  private final Map<String, String> properties = new HashMap<>();
  private final Map<String, String> environment = new HashMap<>();
  private final Settings settings = new Settings(properties::get, environment::get);

  @Test
  void property_winsOverVariable_overDefault() {
    assertEquals("http/protobuf", settings.text(Option.OTEL_EXPORTER_OTLP_PROTOCOL));
    assertFalse(settings.isSet(Option.OTEL_EXPORTER_OTLP_PROTOCOL));
    environment.put("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc");
    assertEquals("grpc", settings.text(Option.OTEL_EXPORTER_OTLP_PROTOCOL));
    assertTrue(settings.isSet(Option.OTEL_EXPORTER_OTLP_PROTOCOL));
    properties.put("otel.exporter.otlp.protocol", " x ");
    assertEquals("x", settings.text(Option.OTEL_EXPORTER_OTLP_PROTOCOL));
  }

  @Test
  void empty_isAbsent() {
    environment.put("OTEL_EXPORTER_OTLP_PROTOCOL", "  ");
    properties.put("otel.exporter.otlp.protocol", "");
    assertEquals("http/protobuf", settings.text(Option.OTEL_EXPORTER_OTLP_PROTOCOL));
    assertNull(settings.text(Option.OTEL_SERVICE_NAME));
  }

  @Test
  void propertiesWithADash_areKnownBothWays() {
    properties.put("otel.instrumentation.common.default-enabled", "false");
    assertFalse(settings.flag(Option.OTEL_INSTRUMENTATION_COMMON_DEFAULT_ENABLED));
    properties.clear();
    properties.put("otel.instrumentation.common.default.enabled", "false");
    assertFalse(settings.flag(Option.OTEL_INSTRUMENTATION_COMMON_DEFAULT_ENABLED));
    properties.clear();
    properties.put("otel.instrumentation.http.known-methods", "GET");
    assertEquals("GET", settings.text(Option.OTEL_INSTRUMENTATION_HTTP_KNOWN_METHODS));
    properties.put("otel.instrumentation.messaging.experimental.receive-telemetry.enabled", "true");
    assertTrue(
        settings.flag(
            Option.OTEL_INSTRUMENTATION_MESSAGING_EXPERIMENTAL_RECEIVE_TELEMETRY_ENABLED));
  }

  @Test
  void flag_isTrueOrFalse_garbageIsSaid() {
    assertFalse(settings.flag(Option.OTEL_SDK_DISABLED));
    environment.put("OTEL_SDK_DISABLED", "TRUE");
    assertTrue(settings.flag(Option.OTEL_SDK_DISABLED));
    environment.put("OTEL_SDK_DISABLED", "1");
    assertTrue(settings.flag(Option.OTEL_SDK_DISABLED));
    environment.put("SONDE_ENABLED", "0");
    assertFalse(settings.flag(Option.SONDE_ENABLED));
    environment.put("SONDE_ENABLED", "yes\u0007" + new String(new char[100]).replace('\0', 'y'));
    assertTrue(settings.flag(Option.SONDE_ENABLED));
    assertEquals(
        "SONDE_ENABLED='yes?yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy\u2026' (expected true or false)",
        settings.problems().get(0));
    assertEquals(1, settings.problems().size());
  }

  @Test
  void count_hasALeastValue() {
    assertEquals(8192, settings.count(Option.OTEL_BSP_MAX_QUEUE_SIZE, 1, 7));
    assertEquals(7, settings.count(Option.OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT, 0, 7));
    for (String garbage : new String[] {"-1", "x", "99999999999", "1.5", "0x10"}) {
      environment.put("OTEL_BSP_MAX_QUEUE_SIZE", garbage);
      assertEquals(8192, settings.count(Option.OTEL_BSP_MAX_QUEUE_SIZE, 1, 7), garbage);
      assertEquals(1, settings.problems().size());
    }
    environment.put("OTEL_BSP_MAX_QUEUE_SIZE", "16");
    assertEquals(16, settings.count(Option.OTEL_BSP_MAX_QUEUE_SIZE, 1, 7));
  }

  @Test
  void millis_mayHaveAUnit() {
    Map<String, Long> values = new HashMap<>();
    values.put("250", 250L);
    values.put("250ms", 250L);
    values.put("3 s", 3000L);
    values.put("2m", 120_000L);
    values.put("1h", 3_600_000L);
    values.put("1d", 86_400_000L);
    values.forEach(
        (text, millis) -> {
          environment.put("OTEL_BSP_SCHEDULE_DELAY", text);
          assertEquals(millis, settings.millis(Option.OTEL_BSP_SCHEDULE_DELAY, 1), text);
        });
    assertTrue(settings.problems().isEmpty());
    for (String garbage : new String[] {"-5", "s", "5 weeks", "9999999999999", "\u0663s\u0663"}) {
      environment.put("OTEL_BSP_SCHEDULE_DELAY", garbage);
      assertEquals(5000, settings.millis(Option.OTEL_BSP_SCHEDULE_DELAY, 1), garbage);
    }
    assertEquals(1, settings.problems().size());
  }

  @Test
  void list_hasNamesWithoutBlanks() {
    assertEquals(Arrays.asList("tracecontext", "baggage"), settings.list(Option.OTEL_PROPAGATORS));
    environment.put("OTEL_PROPAGATORS", " b3 ,, xray,");
    assertEquals(Arrays.asList("b3", "xray"), settings.list(Option.OTEL_PROPAGATORS));
    environment.put("OTEL_PROPAGATORS", ",");
    assertEquals(Collections.emptyList(), settings.list(Option.OTEL_PROPAGATORS));
  }

  @Test
  void pairs_areDecoded_garbageIsSaid() {
    environment.put(
        "OTEL_RESOURCE_ATTRIBUTES",
        "a=1, b = x%20y ,c=%C3%A4%2C,d=%zz%4,e=a=b,=f,\u00e4=\u20ac\ud83d\ude00%25,broken");
    Map<String, String> pairs = settings.pairs(Option.OTEL_RESOURCE_ATTRIBUTES);
    assertEquals("1", pairs.get("a"));
    assertEquals("x y", pairs.get("b"));
    assertEquals("\u00e4,", pairs.get("c"));
    assertEquals("%zz%4", pairs.get("d"));
    assertEquals("a=b", pairs.get("e"));
    assertEquals("\u20ac\ud83d\ude00%", pairs.get("\u00e4"));
    assertEquals(6, pairs.size());
    assertEquals(1, settings.problems().size());
    assertEquals(0, settings.pairs(Option.OTEL_EXPORTER_OTLP_HEADERS).size());
  }

  @Test
  void pyroscopesSettings_areKnownByBothNamesOfTheirProperty() {
    properties.put("PYROSCOPE_SERVER_ADDRESS", "http://a:4040");
    assertEquals("http://a:4040", settings.text(Option.PYROSCOPE_SERVER_ADDRESS));
    properties.put("pyroscope.server.address", "http://b:4040");
    assertEquals("http://b:4040", settings.text(Option.PYROSCOPE_SERVER_ADDRESS));
  }

  @Test
  void nanos_withUnits_withoutOne_garbageIsSaid() {
    assertEquals(15_000_000_000L, settings.nanos(Option.PYROSCOPE_UPLOAD_INTERVAL));
    environment.put("PYROSCOPE_UPLOAD_INTERVAL", "10000000");
    assertEquals(10_000_000, settings.nanos(Option.PYROSCOPE_UPLOAD_INTERVAL));
    environment.put("PYROSCOPE_UPLOAD_INTERVAL", "250ms");
    assertEquals(250_000_000, settings.nanos(Option.PYROSCOPE_UPLOAD_INTERVAL));
    environment.put("PYROSCOPE_UPLOAD_INTERVAL", "7us");
    assertEquals(7_000, settings.nanos(Option.PYROSCOPE_UPLOAD_INTERVAL));
    for (String wrong : new String[] {"0", "-1s", "10m", "s", "99999999999999999s", "1.5s"}) {
      environment.put("PYROSCOPE_UPLOAD_INTERVAL", wrong);
      assertEquals(15_000_000_000L, settings.nanos(Option.PYROSCOPE_UPLOAD_INTERVAL), wrong);
    }
    assertEquals(
        "[PYROSCOPE_UPLOAD_INTERVAL='1.5s' (expected a number with ms, us or s behind it)]",
        settings.problems().toString());
  }

  @Test
  void whatIsShown_hidesSecrets_andHasNumbersWhereThereAreReceivers() {
    environment.put("SONDE_REMOTE_WRITE_TOKEN_2", "secret");
    assertTrue(settings.shown().isEmpty());
    environment.put("SONDE_REMOTE_WRITE_URL", "http://a/b,https://u:p,@w@c/d,http://e");
    properties.put("sonde.remote.write.tenant.1", "t");
    Map<String, String> expected = new HashMap<>();
    expected.put("SONDE_REMOTE_WRITE_URL", "http://a/b,https://\u2026@c/d,http://e (environment)");
    expected.put("SONDE_REMOTE_WRITE_TOKEN_2", "\u2026 (environment)");
    expected.put("SONDE_REMOTE_WRITE_TENANT_1", "t (system property)");
    assertEquals(expected, settings.shown());
  }
}
