package io.sonde.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TroubleTest {
  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "-, 0",
        "'', 0",
        "soon, 0",
        "-5, 0",
        " 7 , 7000",
        "3600, 600000",
        "9223372036854775807, 600000",
        "'Thu, 01 Jan 1970 00:00:00 GMT', 0",
        "'Fri, 31 Dec 9999 23:59:59 GMT', 600000"
      })
  void retryAfter_isMillis_tenMinutesAtMost(String value, long millis) {
    assertEquals(millis, Trouble.retryAfterMillis(value));
  }

  @Test
  void retryAfter_ofADate_isTheTimeUntilThen() {
    ZonedDateTime then = ZonedDateTime.now(ZoneOffset.UTC).plusSeconds(100);
    long millis = Trouble.retryAfterMillis(DateTimeFormatter.RFC_1123_DATE_TIME.format(then));
    assertTrue(millis > 90_000 && millis <= 100_000, millis + " ms");
  }
}
