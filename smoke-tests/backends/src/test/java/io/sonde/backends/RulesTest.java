package io.sonde.backends;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class RulesTest {
  private static final Path RULES = Path.of("..", "stack", "rules");

  @Test
  void rules_areValid_andAlertWhenTheyShould() throws Exception {
    String recording = RULES.resolve("recording.yml").toString();
    Promtool.run("check", "rules", recording, RULES.resolve("alerts.yml").toString());
    Promtool.run("test", "rules", RULES.resolve("alerts_test.yml").toString());
  }
}
