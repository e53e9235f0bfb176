package io.sonde.profiler;

import static org.junit.jupiter.api.Assertions.assertEquals;

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
}
