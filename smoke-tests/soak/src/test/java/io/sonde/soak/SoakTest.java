package io.sonde.soak;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The shortest run that has all weathers; {@code run} is for more. */
class SoakTest {
  @Test
  void eachWindowIsAccountedFor_andNothingIsLeft() throws Exception {
    assertEquals(List.of(), Soak.run(Subject.of("17:jfr"), Duration.ofSeconds(12), 1));
  }
}
