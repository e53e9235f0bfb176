package io.sonde.libraries.logs;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sonde.libraries.servers.AppSource;
import io.sonde.libraries.servers.Exchange;
import io.sonde.libraries.servers.Served;
import io.sonde.testing.Artifacts;
import io.sonde.testing.ForkedJvm;
import io.sonde.testing.Jdks;
import io.sonde.testing.JvmLaunch;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The default console lines of Spring Boot: version, JDK, logging starter, argument. */
class SpringBootSlotTest {
  private static final String BLANK = "[" + " ".repeat(49) + "] ";

  @ParameterizedTest
  @CsvSource({
    "3.2.0, 17, logging, ''",
    "3.5.16, 17, log4j2, ''",
    "4.1.1, 25, logging, ''",
  })
  void defaultLines_haveTheTraceInTheirSlot(
      String version, int jdk, String logging, String argument) {
    try (Served served = start(version, jdk, logging, argument)) {
      assertTrue(line(served, "Started BootMain").contains(BLANK));
      Exchange failed = served.get("/items/1/fail");
      String slot = "[" + failed.trace() + "-" + failed.span().spanId() + "] ";
      assertTrue(line(served, "on purpose").contains(slot), slot);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "4.1.1, 21, logging, --logging.expect-correlation-id=false",
  })
  void defaultLines_withoutSlot_areUnchanged(
      String version, int jdk, String logging, String argument) {
    try (Served served = start(version, jdk, logging, argument)) {
      Exchange failed = served.get("/items/1/fail");
      String line = line(served, "on purpose");
      assertFalse(line.contains(failed.trace()), line);
      assertFalse(line(served, "Started BootMain").contains(BLANK), line);
    }
  }

  private static Served start(String version, int jdk, String logging, String argument) {
    String starter = "org.springframework.boot:spring-boot-starter-";
    List<String> starters = new ArrayList<>(List.of(starter + "web:" + version));
    Artifacts artifacts;
    if (logging.equals("logging")) {
      artifacts = Artifacts.of(starters.toArray(String[]::new));
    } else {
      starters.add(starter + logging + ":" + version);
      artifacts = Artifacts.of(starters.toArray(String[]::new)).without(starter + "logging");
    }
    JvmLaunch launch =
        ForkedJvm.on(Jdks.of(jdk).orElse(Jdks.current()))
            .classPath(
                AppSource.of("ids", "boot")
                    .jakarta(!version.startsWith("2"))
                    .compile(artifacts.classPath()))
            .main("app.BootMain")
            .arg("--server.port=0", "--spring.main.banner-mode=off");
    if (!argument.isEmpty()) {
      launch.arg(argument);
    }
    return Served.start(launch);
  }

  private static String line(Served served, String text) {
    Pattern pattern = Pattern.compile("^\\d{4}-.*" + Pattern.quote(text) + ".*$");
    return served.jvm().awaitLine(pattern, LoggedLines.PATIENCE).group();
  }
}
