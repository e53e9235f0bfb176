package io.sonde.profiler;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which engines are tried, in which order. */
class ChoiceTest {
  @ParameterizedTest
  @CsvSource({
    "auto, 8, false, async",
    "auto, 11, true, async",
    "auto, 17, false, jfr async",
    "auto, 25, false, jfr async",
    "auto, 25, true, async jfr",
    "async, 8, false, async",
    "async, 25, false, async jfr",
    "jfr, 25, true, jfr",
    "jfr, 11, false, jfr",
    "off, 25, false, ''"
  })
  void order_safestFirstThatCanDoWhatIsAsked(
      String asked, int version, boolean wall, String order) {
    assertEquals(order, String.join(" ", Choice.order(asked, version, wall)));
  }
}
