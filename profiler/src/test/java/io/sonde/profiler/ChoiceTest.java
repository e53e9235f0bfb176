package io.sonde.profiler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sonde.settings.Settings;
import java.nio.channels.ClosedByInterruptException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which engines are tried, in which order. */
class ChoiceTest {
  @ParameterizedTest
  @CsvSource({
    "auto, 8, false, async sampler",
    "auto, 11, true, async sampler",
    "auto, 17, false, jfr async sampler",
    "auto, 25, false, jfr async sampler",
    "auto, 25, true, async jfr sampler",
    "async, 8, false, async sampler",
    "async, 25, false, async jfr sampler",
    "jfr, 25, true, jfr sampler",
    "jfr, 11, false, jfr sampler",
    "sampler, 25, false, sampler",
    "off, 25, false, ''"
  })
  void order_safestFirstThatCanDoWhatIsAsked(
      String asked, int version, boolean wall, String order) {
    assertEquals(order, String.join(" ", Choice.order(asked, version, wall)));
  }

  /** No JVM makes an engine fail so when a test wants it to. */
  private static Choice failing(Map<String, Throwable> thrown) {
    Plan plan =
        new Plan(
            new Settings(Map.of("sonde.profiler.engine", "async")::get, none -> null),
            false,
            false);
    return new Choice(plan, (start, end, profiles) -> {}, line -> {}) {
      @Override
      Engine engine(String name) throws Exception {
        Throwable failure = thrown.get(name);
        if (failure instanceof Error error) {
          throw error;
        }
        if (failure != null) {
          throw (Exception) failure;
        }
        return new Engine() {
          @Override
          public String describe() {
            return name;
          }

          @Override
          public void run(long untilNanos) {}
        };
      }
    };
  }

  @Test
  void engineFails_howeverItDoes_theNextOneIsTaken() throws Exception {
    Choice choice =
        failing(
            Map.of(
                "async",
                new IllegalStateException("of itself"),
                "jfr",
                new LinkageError("module")));
    assertEquals("sampler", choice.engine().describe());
    assertEquals(
        "async-profiler: java.lang.IllegalStateException: of itself;"
            + " Flight Recorder: java.lang.LinkageError: module",
        choice.reasons());
  }

  @Test
  void interrupted_noOtherEngineIsTried_andNothingIsSaid() {
    Thread.currentThread().interrupt();
    Choice choice = failing(Map.of("async", new ClosedByInterruptException()));
    assertThrows(InterruptedException.class, choice::engine);
    assertEquals("", choice.reasons());
  }
}
