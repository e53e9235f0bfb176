package io.sonde.profiler;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How far apart samples of CPU time are where less was asked for than there is. */
class CpuPeriodTest {
  @ParameterizedTest
  @CsvSource({
    "5, jfr, 17, false, 10, the least of ExecutionSample",
    "5, jfr, 24, false, 10, the least of ExecutionSample",
    "10, jfr, 17, false, 10,",
    "20, jfr, 17, false, 20,",
    "5, jfr, 25, true, 10, the least of ExecutionSample",
    "5, async, 17, false, 5,",
    "5, async, 8, false, 5,",
    "0, async, 8, false, 1, the least",
    "5, sampler, 25, false, 50, the least of stacks of busy threads",
    "5, jfr, 11, false, 50, the least of stacks of busy threads"
  })
  void least_isTheFirstEngines(
      long asked, String engine, int java, boolean recordings, long millis, String why) {
    CpuPeriod period = CpuPeriod.of(asked * 1_000_000, engine, java, recordings);
    assertEquals(millis * 1_000_000, period.nanos);
    assertEquals(why, period.why);
  }

  @ParameterizedTest
  @CsvSource({"25", "28"})
  void samplesOfCpuTime_areAsCloseAsIsAskedFor(int java) {
    assertEquals(
        OS.LINUX.isCurrentOs() ? 5_000_000 : 10_000_000,
        CpuPeriod.of(5_000_000, "jfr", java, false).nanos);
  }
}
