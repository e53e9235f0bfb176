package io.sonde.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sonde.settings.Settings;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which settings switch which library. */
class InstrumentedTest {
  private static final String ALL = "OTEL_INSTRUMENTATION_COMMON_DEFAULT_ENABLED";

  private static Settings environment(String... pairs) {
    Map<String, String> values =
        pairs.length == 2
            ? Map.of(pairs[0], pairs[1])
            : Map.of(pairs[0], pairs[1], pairs[2], pairs[3]);
    return new Settings(name -> null, values::get);
  }

  @ParameterizedTest
  @CsvSource({
    "tomcat, TOMCAT",
    "jetty12, JETTY12",
    "jetty12, JETTY",
    "apachehttpclient4, APACHE_HTTPCLIENT",
    "apachehttpclient4, APACHE_HTTPASYNCCLIENT",
    "apachehttpclient5, APACHE_HTTPCLIENT",
    "concurrent, EXECUTORS",
    "httpclient, JAVA_HTTP_CLIENT",
    "httpserver, JAVA_HTTP_SERVER",
    "urlconnection, HTTP_URL_CONNECTION",
    "log4j, LOG4J_CONTEXT_DATA",
    "logback, LOGBACK_MDC",
    "springmvc, SPRING_WEBMVC",
    "sql, JDBC",
    "loaders, LOADERS"
  })
  void library_isSwitchedByEitherName(String library, String name) {
    String setting = "OTEL_INSTRUMENTATION_" + name + "_ENABLED";
    assertFalse(new Instrumented(environment(setting, "false")).contains(library));
    assertTrue(new Instrumented(environment(setting, "true", ALL, "false")).contains(library));
    String property =
        "otel.instrumentation."
            + name.toLowerCase(java.util.Locale.ROOT).replace('_', '-')
            + ".enabled";
    Settings properties = new Settings(Map.of(property, "false")::get, key -> null);
    assertFalse(new Instrumented(properties).contains(library), property);
  }

  @Test
  void ourName_goesFirst() {
    Settings settings =
        environment(
            "OTEL_INSTRUMENTATION_JETTY_ENABLED",
            "false",
            "OTEL_INSTRUMENTATION_JETTY12_ENABLED",
            "true");
    assertTrue(new Instrumented(settings).contains("jetty12"));
    assertFalse(new Instrumented(settings).contains("jetty"));
  }

  @Test
  void nothingByDefault_leavesWhatTheOthersStandOn() {
    Instrumented instrumented = new Instrumented(environment(ALL, "false"));
    assertFalse(instrumented.contains("tomcat"));
    assertTrue(instrumented.contains("loaders"));
  }

  @Test
  void garbage_isSaid_andTheDefaultHolds() {
    Settings settings = environment("OTEL_INSTRUMENTATION_KAFKA_ENABLED", "maybe");
    assertTrue(new Instrumented(settings).contains("kafka"));
    assertEquals(
        List.of("OTEL_INSTRUMENTATION_KAFKA_ENABLED='maybe' (expected true or false)"),
        settings.problems());
  }
}
