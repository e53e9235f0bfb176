package io.sonde.overhead;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

class SpreadTest {

  @Test
  void middle_of_odd_and_even_numbers_of_values() {
    assertEquals(2, new Spread(List.of(3.0, 1.0, 2.0)).median());
    assertEquals(2.5, new Spread(List.of(4.0, 1.0, 2.0, 3.0)).median());
  }

  @Test
  void ratios_compare_the_same_round() {
    Rounds<Double> rounds = new Rounds<>();
    for (double machine : new double[] {1, 10, 100}) { // slower from round to round
      rounds.add(Variant.BARE, machine);
      rounds.add(Variant.SONDE, machine * 1.1);
    }

    assertEquals(
        "1.10 × (1.10–1.10)", rounds.ratios(Variant.SONDE, Variant.BARE, value -> value).asRatio());
    assertEquals(
        "+1 (+0–+10)",
        rounds.differences(Variant.SONDE, Variant.BARE, value -> value).asDifference());
  }

  @Test
  void nothing_measured_is_an_error() {
    assertThrows(IllegalArgumentException.class, () -> new Spread(List.of()));
  }
}
