package io.sonde.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sonde.settings.Option;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a command may say. */
final class ProfilerCommandTest {
  @Test
  void command_isReadAgainFromWhatTheAgentIsLoadedWith() {
    ProfilerCommand command =
        ProfilerCommand.ofArguments(ProfilerCommand.of("lock", "5ms").arguments());
    assertEquals(Option.PYROSCOPE_PROFILER_LOCK, command.option);
    assertEquals("5ms", command.value);
    assertNull(ProfilerCommand.of("off").option);
  }

  @ParameterizedTest
  @CsvSource({
    "wall, on, cpu, cpu, 'cpu,wall'",
    "wall, on, 'itimer,wall', 'itimer,wall', 'itimer,wall'",
    "wall, off, 'cpu,wall', cpu, cpu",
    "cpu, off, 'itimer,wall', 'itimer,wall', 'wall,none'",
    "cpu, off, wall, wall, 'wall,none'",
    "wall, on, 'wall,none', cpu, 'none,wall'",
    "wall, on, alloc, alloc, 'alloc,wall'",
    "wall, on, wall, wall, wall",
    "wall, on, none, wall, wall",
    "wall, off, 'wall,none', cpu, none",
    "wall, off, wall, wall, none",
    "cpu, on, 'wall,none', cpu, 'wall,cpu'",
    "cpu, off, cpu, cpu, none",
    "cpu, on, none, cpu, cpu",
    "cpu, on, alloc, alloc, cpu",
    "cpu, on, wall, 'ITIMER, wall', 'wall,itimer'",
  })
  void whatIsSampledByTime_isSwitchedOneByOne(
      String event, String value, String before, String configured, String after) {
    assertEquals(after, ProfilerCommand.of(event, value).after(before, configured));
  }

  @Test
  void otherSettings_areReplaced() {
    assertEquals("1m", ProfilerCommand.of("alloc", "1m").after("512k", "512k"));
    assertEquals("true", ProfilerCommand.of("exceptions", "on").after("false", "false"));
  }

  @Test
  void allocationsThatAreOnAgain_areAsFarApartAsBefore() {
    assertEquals("2m", ProfilerCommand.of("alloc", "on").after("off", "2m"));
    assertEquals("on", ProfilerCommand.of("alloc", "on").after("off", "off"));
    assertEquals("on", ProfilerCommand.of("alloc", "on").after("off", null));
  }

  @Test
  void otherArguments_areNoCommand() {
    assertNull(ProfilerCommand.ofArguments(null));
    assertNull(ProfilerCommand.ofArguments(""));
    assertNull(ProfilerCommand.ofArguments("debug"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "on on",
        "cpu",
        "cpu maybe",
        "alloc 0",
        "exceptions 5",
        "cpu 10",
        "cpu 0ms",
        "cpu 2s",
        "cpu -1ms",
        "cpu 99999999999s",
        "alloc maybe",
        "lock 1us",
        "window 500ms",
        "window 1h",
        "delete 1s",
        "off\non",
        "CPU 10ms"
      })
  void whatIsWrong_isSaid(String words) {
    IllegalArgumentException thrown =
        assertThrows(
            IllegalArgumentException.class, () -> ProfilerCommand.ofArguments("profiler " + words));
    assertTrue(thrown.getMessage().startsWith("'" + words + "'"), thrown.getMessage());
  }
}
