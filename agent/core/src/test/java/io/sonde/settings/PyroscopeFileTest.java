package io.sonde.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The file of Pyroscope's agent, behind properties and variables. */
class PyroscopeFileTest {
  @TempDir Path folder;
  private final Map<String, String> properties = new HashMap<>();
  private final Map<String, String> environment = new HashMap<>();

  private Settings settings() {
    PyroscopeFile file = new PyroscopeFile(properties::get, environment::get);
    Settings settings = new Settings(properties::get, file);
    file.check(settings);
    return settings;
  }

  private Path file(String... lines) throws IOException {
    Path file = Files.write(folder.resolve("some.properties"), List.of(lines));
    environment.put("PYROSCOPE_CONFIGURATION_FILE", file.toString());
    return file;
  }

  @Test
  void file_isBehindPropertiesAndVariables_byEitherSpelling() throws IOException {
    Path file =
        file(
            "# ours",
            "pyroscope.application.name=shop",
            "PYROSCOPE_TENANT_ID: team-a",
            "pyroscope.labels=region=eu",
            "pyroscope.server.address=http://file:4040",
            "sonde.profiler.engine=off");
    environment.put("PYROSCOPE_LABELS", "region=us");
    properties.put("pyroscope.server.address", "http://property:4040");
    Settings settings = settings();
    assertEquals("shop", settings.text(Option.PYROSCOPE_APPLICATION_NAME));
    assertEquals("team-a", settings.text(Option.PYROSCOPE_TENANT_ID));
    assertEquals("region=us", settings.text(Option.PYROSCOPE_LABELS));
    assertEquals("http://property:4040", settings.text(Option.PYROSCOPE_SERVER_ADDRESS));
    assertEquals("auto", settings.text(Option.SONDE_PROFILER_ENGINE));
    assertEquals(List.of(), settings.problems());
    Map<String, String> shown = settings.shown();
    assertEquals("team-a (" + file + ")", shown.get("PYROSCOPE_TENANT_ID"));
    assertEquals("region=us (environment)", shown.get("PYROSCOPE_LABELS"));
  }

  @Test
  void fileThatIsNotThere_isSaid() {
    properties.put("pyroscope.configuration.file", "no/such.properties");
    assertEquals(
        List.of(
            "PYROSCOPE_CONFIGURATION_FILE='no/such.properties' (expected a file of properties to read)"),
        settings().problems());
  }

  @Test
  void fileThatCannotBeRead_isSaid_andNothingOfItCounts() throws IOException {
    file("pyroscope.tenant.id=a", "pyroscope.labels=\\u00zz");
    Settings settings = settings();
    assertNull(settings.text(Option.PYROSCOPE_TENANT_ID));
    assertEquals(1, settings.problems().size());
  }

  @Test
  void noFile_isNoProblem() {
    assertEquals(List.of(), settings().problems());
  }
}
