package io.sonde.profiler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sonde.settings.Settings;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the settings of Pyroscope's agent mean here. */
class PlanTest {
  private static Settings settings(String... set) {
    Map<String, String> all = new HashMap<>();
    for (int i = 0; i < set.length; i += 2) {
      all.put(set[i], set[i + 1]);
    }
    return new Settings(name -> null, all::get);
  }

  @ParameterizedTest
  @CsvSource({
    "cpu, cpu, false, true",
    "ITIMER, itimer, false, true",
    "'wall', , true, true",
    "'ctimer, wall', ctimer, true, true",
    "'wall, none', , true, false",
    "'alloc, wall', , true, false",
    "alloc, , false, false",
    "lock, , false, false",
    "none, , false, false",
    "perf, cpu, false, true"
  })
  void event_saysWhatIsSampledByTime(String value, String cpuEvent, boolean wall, boolean cpu) {
    Settings settings = settings("PYROSCOPE_PROFILER_EVENT", value);
    Plan plan = new Plan(settings, false, false);
    assertEquals(cpuEvent, plan.cpuEvent);
    assertEquals(wall, plan.wall);
    assertEquals(cpu, plan.cpu);
    assertEquals(value.equals("perf") ? 1 : 0, settings.problems().size());
  }

  @ParameterizedTest
  @CsvSource({
    "'', true, 524288, 10000000",
    "off, false, 524288, 0",
    "false, false, 524288, 0",
    "0, true, 65536, 1000000",
  })
  void allocAndLock_areOnUnlessSwitchedOff(
      String value, boolean allocations, long bytes, long lockNanos) {
    Plan plan =
        new Plan(
            settings("PYROSCOPE_PROFILER_ALLOC", value, "PYROSCOPE_PROFILER_LOCK", value),
            false,
            false);
    assertEquals(allocations, plan.allocations);
    assertEquals(bytes, plan.allocationBytes);
    assertEquals(lockNanos, plan.lockNanos);
  }

  @ParameterizedTest
  @CsvSource({"abc, 2", "512x, 2", "on, 0", "TRUE, 0", "off, 0", "-1, 2"})
  void allocAndLock_whatIsNoDistance_isNamed(String value, int problems) {
    Settings settings =
        settings("PYROSCOPE_PROFILER_ALLOC", value, "PYROSCOPE_PROFILER_LOCK", value);
    Plan plan = new Plan(settings, false, false);
    assertEquals(value.equals("off") ? 0 : 10_000_000, plan.lockNanos);
    assertEquals(512 << 10, plan.allocationBytes);
    assertEquals(problems, settings.problems().size());
  }

  /** A window of an hour would be too old for a server when it ends. */
  @ParameterizedTest
  @CsvSource({"15s, 15, 0", "600s, 600, 0", "3600s, 600, 1", "10ms, 1, 1"})
  void window_isBounded(String value, long seconds, int problems) {
    Settings settings = settings("PYROSCOPE_UPLOAD_INTERVAL", value);
    assertEquals(seconds * 1_000_000_000, new Plan(settings, false, false).windowNanos);
    assertEquals(problems, settings.problems().size());
  }

  @Test
  void distances_areTakenAsTheyAreWritten() {
    Plan plan =
        new Plan(
            settings("PYROSCOPE_PROFILER_ALLOC", "2M", "PYROSCOPE_PROFILER_LOCK", "5ms"),
            false,
            false);
    assertEquals(2 << 20, plan.allocationBytes);
    assertEquals(5_000_000, plan.lockNanos);
  }

  @ParameterizedTest
  @CsvSource({
    "ASYNC, , async, 0",
    "jfr, , jfr, 0",
    "ASYNC, jfr, jfr, 0",
    "perf, , auto, 1",
    ", , auto, 0"
  })
  void type_choosesTheEngine_unlessItIsChosen(
      String type, String engine, String chosen, int problems) {
    Settings settings = settings("PYROSCOPE_PROFILER_TYPE", type, "SONDE_PROFILER_ENGINE", engine);
    assertEquals(chosen, new Plan(settings, false, false).engine);
    assertEquals(problems, settings.problems().size());
  }

  @Test
  void cpuPeriod_ofAnEngineThatIsOff_isWhatItWillBe() {
    Settings off = settings("SONDE_PROFILER_ENGINE", "off", "PYROSCOPE_PROFILING_INTERVAL", "1ms");
    Settings on = settings("PYROSCOPE_PROFILING_INTERVAL", "1ms");
    assertEquals(
        new Plan(on, false, false).cpuPeriodNanos, new Plan(off, false, false).cpuPeriodNanos);
  }

  @Test
  void depthAndFolder_areHeeded() {
    Plan plan =
        new Plan(
            settings("PYROSCOPE_JAVA_STACK_DEPTH_MAX", "2048", "PYROSCOPE_TMP_DIR", "/d"),
            false,
            false);
    assertEquals(1000, plan.stackDepth);
    assertEquals("/d", plan.folder);
    assertTrue(plan.stackDepthAsked);
    Plan unasked = new Plan(settings(), false, false);
    assertEquals(128, unasked.stackDepth);
    assertFalse(unasked.stackDepthAsked);
  }
}
