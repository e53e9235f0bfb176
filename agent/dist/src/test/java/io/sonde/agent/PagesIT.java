package io.sonde.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sonde.settings.Option;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/**
 * The pages that are made from the code say what the code says; {@code -Dsonde.pages=write} writes
 * them anew.
 */
class PagesIT {
  private static final Path MODULE = Path.of(System.getProperty("basedir"));
  private static final Path DOCS = MODULE.resolve("../../docs");

  @Test
  void settings_areThoseOfTheCode() throws IOException {
    StringBuilder page =
        new StringBuilder(
            """
            # Every setting

            Each is an environment variable, and a system property of the same name in lower case with dots. The property wins.
            This page is made from the code (`io.sonde.settings.Option`); `java -jar sonde-agent.jar help settings` prints the same.

            | setting | expected | default | what it does |
            | --- | --- | --- | --- |
            """);
    for (Option option : Option.values()) {
      String byDefault = option.byDefault() == null ? "" : "`" + option.byDefault() + "`";
      page.append(
          "| `%s` | %s | %s | %s |\n"
              .formatted(option.name(), option.expected(), byDefault, option.sentence()));
    }
    page.append(
        "| `OTEL_INSTRUMENTATION_<LIBRARY>_ENABLED` | true or false | `true` | Switches one library of [the table](instrumentations.md) on or off. |\n");
    check("settings.md", page);
  }

  @Test
  void instrumentations_areThoseOfTheCode() throws IOException {
    StringBuilder page =
        new StringBuilder(
            """
            # What is instrumented

            The first column is the library's name in `why` and in `OTEL_INSTRUMENTATION_<LIBRARY>_ENABLED`, where the OpenTelemetry agent's
            names for the same (`APACHE_HTTPCLIENT`, `JAVA_HTTP_CLIENT`, `LOGBACK_MDC`) count, too. A name that begins with @ is found at run time: the class of an object that crosses a known boundary. This page is made from the code.

            | library | what | woven classes |
            | --- | --- | --- |
            """);
    for (String line : Files.readAllLines(MODULE.resolve("target/instrumentations.tsv"))) {
      String[] fields = line.split("\t");
      page.append(
          "| %s | %s | `%s` |\n".formatted(fields[0], fields[1], fields[2].replace(" ", "` `")));
    }
    check("instrumentations.md", page);
  }

  private static void check(String name, StringBuilder expected) throws IOException {
    Path file = DOCS.resolve(name);
    if (System.getProperty("sonde.pages", "").equals("write")) {
      Files.writeString(file, expected);
    }
    assertEquals(
        expected.toString(),
        Files.exists(file) ? Files.readString(file) : "",
        "docs/"
            + name
            + " is out of date: mvn -pl agent/dist -am integration-test -Dsonde.pages=write");
  }
}
