package io.sonde.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sonde.settings.Option;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
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
    assertEquals("cpu,wall", ProfilerCommand.of("wall", "on").value);
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
        "cpu off",
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
