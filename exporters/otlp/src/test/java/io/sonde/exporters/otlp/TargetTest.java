package io.sonde.exporters.otlp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sonde.settings.Settings;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The rules of the specification's page on the OTLP exporter, by its own examples where it has
 * some.
 */
final class TargetTest {
  private static final String ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT";
  private static final String TRACES_ENDPOINT = "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT";
  private static final String PROTOCOL = "OTEL_EXPORTER_OTLP_PROTOCOL";

  @ParameterizedTest
  @CsvSource({
    "http://collector:4318, http://collector:4318/v1/traces",
    "http://collector:4318/, http://collector:4318/v1/traces",
    "http://collector:4318/mycollector, http://collector:4318/mycollector/v1/traces",
    "http://collector:4318/mycollector/, http://collector:4318/mycollector/v1/traces",
    "https://collector, https://collector/v1/traces",
    "HTTPS://collector:443, https://collector/v1/traces",
    "http://otel_collector:4318, http://otel_collector:4318/v1/traces",
    "http://[::1]:4318, http://[::1]:4318/v1/traces",
    "http://user:pw@collector:4318, http://collector:4318/v1/traces"
  })
  void endpoint_hasThePathAppended(String endpoint, String url) {
    assertEquals(url, target(ENDPOINT, endpoint).url());
  }

  @ParameterizedTest
  @CsvSource({
    "http://collector:4318, http://collector:4318/",
    "http://collector:4318/v1/traces, http://collector:4318/v1/traces",
    "http://collector:4318/mytraces/, http://collector:4318/mytraces/",
    "https://collector/otlp?key=1#x, https://collector/otlp?key=1"
  })
  void endpointOfTraces_isTakenAsItIs(String endpoint, String url) {
    assertEquals(url, target(TRACES_ENDPOINT, endpoint, ENDPOINT, "http://other").url());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "collector:4318",
        "localhost",
        "ftp://collector",
        "http://",
        "http://:4318",
        "http://collector:port",
        "http://collector:70000",
        "http://coll ector",
        "/v1/traces"
      })
  void noUrl_isSaid_andNothingIsExported(String endpoint) {
    assertNoTarget(endpoint, "http://localhost:4318");
  }

  private static void assertNoTarget(String endpoint, String expected) {
    Settings settings = Export.settings(ENDPOINT, endpoint);
    assertNull(Target.of(settings));
    assertEquals(
        List.of(
            ENDPOINT
                + "='"
                + endpoint
                + "' (expected a URL such as "
                + expected
                + ", so nothing is exported)"),
        settings.problems());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://localhost:9/{tenant}",
        "http://localhost:9/a|b",
        "http://localhost:9/%zz",
        "http://[::zz]:9"
      })
  void noUri_isSaid_andNothingIsExported(String endpoint) {
    assertNoTarget(endpoint, "http://localhost:4318 with { as %7B and | as %7C");
  }

  @Test
  void noUrl_userAndPasswordAreNotSaid() {
    Settings settings = Export.settings(ENDPOINT, "htp://user:secret@collector");
    assertNull(Target.of(settings));
    assertFalse(settings.problems().toString().contains("secret"));
  }

  @Test
  void noEndpoint_noTarget_noProblem() {
    Settings settings = Export.settings();
    assertNull(Target.of(settings));
    assertEquals(List.of(), settings.problems());
  }

  @Test
  void grpc_pathDoesNotCount() {
    Target target = target(ENDPOINT, "http://collector:4317/x", PROTOCOL, "grpc");
    assertTrue(target.grpc);
    assertEquals("http://collector:4317/", target.url());
  }

  /** "This option only applies to OTLP/gRPC when an endpoint is provided without the scheme". */
  @ParameterizedTest
  @CsvSource({
    "collector:4317, , https://collector:4317/",
    "collector:4317, false, https://collector:4317/",
    "collector:4317, true, http://collector:4317/",
    "collector, TRUE, http://collector/",
    "https://collector:4317, true, https://collector:4317/",
    "http://collector:4317, false, http://collector:4317/",
    "[::1]:4317, true, http://[::1]:4317/"
  })
  void grpc_withoutScheme_isInsecureWhereThatIsSet(String endpoint, String insecure, String url) {
    String value = insecure == null ? "" : insecure;
    assertEquals(
        url,
        target(ENDPOINT, endpoint, PROTOCOL, "grpc", "OTEL_EXPORTER_OTLP_INSECURE", value).url());
    assertEquals(
        url,
        target(
                ENDPOINT,
                endpoint,
                PROTOCOL,
                "grpc",
                "OTEL_EXPORTER_OTLP_INSECURE",
                "true".equalsIgnoreCase(value) ? "false" : "true",
                "OTEL_EXPORTER_OTLP_TRACES_INSECURE",
                value.isEmpty() ? "false" : value)
            .url());
  }

  @Test
  void wordsInCapitals_areKnown() {
    Target target =
        target(
            ENDPOINT,
            "http://collector",
            PROTOCOL,
            "GRPC",
            "OTEL_EXPORTER_OTLP_COMPRESSION",
            "Gzip");
    assertTrue(target.grpc);
    assertTrue(target.gzip);
  }

  @Test
  void settingOfTraces_goesFirst() {
    Target target =
        target(
            ENDPOINT,
            "http://collector:4317",
            PROTOCOL,
            "http/protobuf",
            "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL",
            "grpc",
            "OTEL_EXPORTER_OTLP_COMPRESSION",
            "none",
            "OTEL_EXPORTER_OTLP_TRACES_COMPRESSION",
            "gzip",
            "OTEL_EXPORTER_OTLP_TIMEOUT",
            "1",
            "OTEL_EXPORTER_OTLP_TRACES_TIMEOUT",
            "5s",
            "OTEL_EXPORTER_OTLP_HEADERS",
            "a=1",
            "OTEL_EXPORTER_OTLP_TRACES_HEADERS",
            "b=2");
    assertTrue(target.grpc);
    assertTrue(target.gzip);
    assertEquals(5000, target.timeoutMillis);
    assertEquals(Map.of("b", "2"), target.headers);
  }

  @Test
  void headers_areDecoded() {
    Target target =
        target(
            ENDPOINT,
            "http://collector",
            "OTEL_EXPORTER_OTLP_HEADERS",
            "Authorization=Basic%20dXNlcjpwdw==, X-Scope-OrgID = tenant%2C1 ,empty=");
    assertEquals(
        Map.of("authorization", "Basic dXNlcjpwdw==", "x-scope-orgid", "tenant,1", "empty", ""),
        target.headers);
  }

  @Test
  void badValues_areSaidWithoutSecrets_andTheDefaultHolds() {
    Settings settings =
        Export.settings(
            ENDPOINT,
            "http://collector",
            PROTOCOL,
            "http/json",
            "OTEL_EXPORTER_OTLP_COMPRESSION",
            "zstd",
            "OTEL_EXPORTER_OTLP_TIMEOUT",
            "soon",
            "OTEL_EXPORTER_OTLP_HEADERS",
            "api-key=se%0Dcret,topsecret",
            "OTEL_EXPORTER_OTLP_CERTIFICATE",
            "/no/such/file");
    Target target = Target.of(settings);
    assertFalse(target.grpc);
    assertFalse(target.gzip);
    assertEquals(10_000, target.timeoutMillis);
    assertNull(target.certificate);
    assertEquals(Map.of(), target.headers);
    String said = settings.problems().toString();
    for (String part : List.of("http/json", "zstd", "soon", "/no/such/file", "HEADERS")) {
      assertTrue(said.contains(part), said);
    }
    assertFalse(said.contains("cret"), said);
  }

  @Test
  void headerWithoutEqualsSign_isSaidWithoutItself() {
    Settings settings =
        Export.settings(ENDPOINT, "http://collector", "OTEL_EXPORTER_OTLP_HEADERS", "topsecret");
    assertEquals(Map.of(), Target.of(settings).headers);
    assertEquals(
        List.of("OTEL_EXPORTER_OTLP_HEADERS='…' (expected key=value with commas)"),
        settings.problems());
  }

  @Test
  void message_showsNoQuery() {
    assertEquals(
        "https://collector/otlp",
        target(TRACES_ENDPOINT, "https://collector/otlp?key=secret").toString());
  }

  private static Target target(String... environment) {
    Settings settings = Export.settings(environment);
    Target target = Target.of(settings);
    assertEquals(List.of(), settings.problems());
    return target;
  }
}
