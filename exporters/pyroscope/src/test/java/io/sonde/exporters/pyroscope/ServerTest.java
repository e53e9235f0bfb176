package io.sonde.exporters.pyroscope;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.sonde.settings.Settings;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is made of the settings, and what is said of those that cannot be used. */
final class ServerTest {
  private static Settings settings(String address, String... more) {
    return Export.settings(more, address);
  }

  @Test
  void noAddress_orSwitchedOff_isNoServer() {
    assertNull(Server.of(settings("")));
    assertNull(Server.of(settings("http://a", "PYROSCOPE_AGENT_ENABLED", "false")));
    assertNotNull(Server.of(settings("http://a")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost:4040", "http://", "ftp://a", "http://a\nb", "https://"})
  void badAddress_isSaid(String address) {
    Settings settings = settings(address);
    assertNull(Server.of(settings));
    assertEquals(1, settings.problems().size());
  }

  @ParameterizedTest
  @CsvSource({"-1, 2147483647, 0", "'', 2147483647, 0", "3, 3, 0", "0, 2147483647, 1"})
  void tries_areUnlimitedBelowZeroAndUnset(String tries, int most, int problems) {
    Settings settings = settings("http://a", "PYROSCOPE_INGEST_MAX_TRIES", tries);
    assertEquals(most, Objects.requireNonNull(Server.of(settings)).maxTries);
    assertEquals(problems, settings.problems().size());
  }

  @ParameterizedTest
  @CsvSource({"'', 1", "best_compression, 9", "DEFAULT_COMPRESSION, -1", "-1, -1", "0, 0", "6, 6"})
  void compression_isByNameOrLevel(String level, int taken) {
    Settings settings = settings("http://a", "PYROSCOPE_EXPORT_COMPRESSION_LEVEL_JFR", level);
    assertEquals(taken, Objects.requireNonNull(Server.of(settings)).compression);
    assertEquals(List.of(), settings.problems());
  }

  @ParameterizedTest
  @ValueSource(strings = {"10", "-2", "max", "1.5"})
  void compressionThatThereIsNot_isSaid(String level) {
    Settings settings = settings("http://a", "PYROSCOPE_EXPORT_COMPRESSION_LEVEL_JFR", level);
    assertEquals(1, Objects.requireNonNull(Server.of(settings)).compression);
    assertEquals(
        List.of(
            "PYROSCOPE_EXPORT_COMPRESSION_LEVEL_JFR='"
                + level
                + "' (expected NO_COMPRESSION, BEST_SPEED, DEFAULT_COMPRESSION, BEST_COMPRESSION or 0 to 9)"),
        settings.problems());
  }

  @Test
  void secrets_areNotSaid() {
    Settings settings =
        settings(
            "me:secret@localhost:4040",
            "PYROSCOPE_AUTH_TOKEN",
            "sec\nret",
            "PYROSCOPE_HTTP_HEADERS",
            "{\"a\":\"secret\"");
    assertNull(Server.of(settings));
    Settings second =
        settings(
            "http://me:secret@localhost:4040/p?secret=1",
            "PYROSCOPE_AUTH_TOKEN",
            "sec\nret",
            "PYROSCOPE_HTTP_HEADERS",
            "{\"a\":\"secret\"");
    assertEquals("http://localhost:4040/p", String.valueOf(Server.of(second)));
    assertEquals(
        List.of(
            "PYROSCOPE_SERVER_ADDRESS='…@localhost:4040' (expected a URL such as http://localhost:4040, so nothing goes to Pyroscope)"),
        settings.problems());
    assertEquals(
        List.of(
            "PYROSCOPE_AUTH_TOKEN='…' (expected ASCII without line breaks)",
            "PYROSCOPE_HTTP_HEADERS='…' (expected a JSON object whose values are text)"),
        second.problems());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{",
        "{}x",
        "{\"a\"}",
        "{\"a\":1}",
        "{\"a\":\"b\",}",
        "{\"a\":\"\\u12\"}",
        "{\"a\":\"b"
      })
  void headersThatAreNoJson_areSaid(String json) {
    Settings settings = settings("http://a", "PYROSCOPE_HTTP_HEADERS", json);
    assertNotNull(Server.of(settings));
    assertEquals(1, settings.problems().size(), json);
  }

  @Test
  void labelsThatAServerRefuses_areLeftOutAndSaid() {
    Settings settings = settings("http://a", "PYROSCOPE_LABELS", "a=1,__b=2,c.d=3");
    Server server = Server.of(settings);
    assertEquals("{a=1, c.d=3}", String.valueOf(server == null ? null : server.labels));
    assertEquals(
        List.of("PYROSCOPE_LABELS='__b' (expected letters, digits, _ and . in a label's name)"),
        settings.problems());
  }
}
