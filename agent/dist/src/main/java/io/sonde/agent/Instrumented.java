package io.sonde.agent;

import io.sonde.settings.Option;
import io.sonde.settings.Settings;
import io.sonde.weaver.Weaver;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which libraries are instrumented, by OTEL_INSTRUMENTATION_[NAME]_ENABLED: by the name that {@code
 * why} has, else by the one that OpenTelemetry's agent has for the same.
 */
final class Instrumented implements Weaver.Enabled {
  /** Without it woven code does not find the core in some class loaders; it traces nothing. */
  private static final String LOADERS = "loaders";

  private final Settings settings;
  private final boolean byDefault;
  private final Map<String, Boolean> known = new HashMap<>();

  Instrumented(Settings settings) {
    this.settings = settings;
    byDefault = settings.flag(Option.OTEL_INSTRUMENTATION_COMMON_DEFAULT_ENABLED);
  }

  /** Asked once for each rule, of which a library may have ten. */
  @Override
  public boolean contains(String library) {
    Boolean answer = known.get(library);
    if (answer == null) {
      known.put(library, answer = find(library));
    }
    return answer;
  }

  private boolean find(String library) {
    Boolean own = set(library.toUpperCase(Locale.ROOT));
    if (own != null) {
      return own;
    }
    for (String name : others(library)) {
      Boolean other = set(name);
      if (other != null) {
        return other;
      }
    }
    return byDefault || library.equals(LOADERS);
  }

  private @Nullable Boolean set(String name) {
    String setting = "OTEL_INSTRUMENTATION_" + name + "_ENABLED";
    String value = settings.raw(setting);
    if (value == null) {
      return null;
    }
    if (value.equalsIgnoreCase("true") || value.equals("1")) {
      return true;
    }
    if (value.equalsIgnoreCase("false") || value.equals("0")) {
      return false;
    }
    settings.problem(setting, value, "true or false");
    return null;
  }

  /** What else switches a library; sql is a part of ours. */
  private static List<String> others(String library) {
    switch (library) {
      case "apachehttpclient4":
        return Arrays.asList("APACHE_HTTPCLIENT", "APACHE_HTTPASYNCCLIENT");
      case "apachehttpclient5":
        return Collections.singletonList("APACHE_HTTPCLIENT");
      case "concurrent":
        return Collections.singletonList("EXECUTORS");
      case "dbcp2":
        return Collections.singletonList("APACHE_DBCP");
      case "httpclient":
        return Collections.singletonList("JAVA_HTTP_CLIENT");
      case "httpserver":
        return Collections.singletonList("JAVA_HTTP_SERVER");
      case "jetty12":
        return Collections.singletonList("JETTY");
      case "log4j":
        return Collections.singletonList("LOG4J_CONTEXT_DATA");
      case "logback":
        return Collections.singletonList("LOGBACK_MDC");
      case "springmvc":
        return Collections.singletonList("SPRING_WEBMVC");
      case "sql":
        return Collections.singletonList("JDBC");
      case "tomcatjdbc":
        return Collections.singletonList("TOMCAT_JDBC");
      case "urlconnection":
        return Collections.singletonList("HTTP_URL_CONNECTION");
      default:
        return Collections.emptyList();
    }
  }
}
