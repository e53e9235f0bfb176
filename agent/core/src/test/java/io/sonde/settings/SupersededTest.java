package io.sonde.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** Settings of Pyroscope's agent that mean nothing here. */
class SupersededTest {
  private static Settings settings(Map<String, String> environment) {
    return new Settings(name -> null, environment::get);
  }

  @Test
  void all_areOneLine_withWhatToUse() {
    assertEquals(
        "without effect: PYROSCOPE_LOG_LEVEL (use SONDE_LOG); PYROSCOPE_GC_BEFORE_DUMP (nothing forces a collection)",
        Superseded.line(
            settings(
                Map.of(
                    "PYROSCOPE_GC_BEFORE_DUMP", "true",
                    "PYROSCOPE_LOG_LEVEL", "debug",
                    "PYROSCOPE_PROFILER_EVENT", "itimer"))));
  }

  @Test
  void whereNoneIsSet_thereIsNoLine() {
    assertNull(Superseded.line(settings(Map.of("PYROSCOPE_PROFILER_EVENT", "itimer"))));
  }
}
