package io.sonde.profiler.jfr;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class DistancesTest {
  private final Distances distances = new Distances();

  @Test
  void manySmallObjectsOutsideOfBuffers_doNotMakeBuffersSmaller() {
    for (int i = 0; i < 20; i++) {
      distances.addBytes(500_000);
    }
    for (int i = 0; i < 150; i++) {
      distances.addBytes(8_000);
    }
    long between = distances.bytes(AllocationMode.ALL);
    assertTrue(between > 400_000 && between <= 500_000, Long.toString(between));
    assertEquals(2 * between, distances.bytes(AllocationMode.SAMPLED));
    assertEquals(Long.MAX_VALUE, distances.bytes(AllocationMode.DUTY));
  }

  @Test
  void nothingAllocated_saysNothing() {
    assertEquals(Long.MAX_VALUE, distances.bytes(AllocationMode.ALL));
  }

  @Test
  void thinned_soMuchFurtherApart() {
    distances.wereAskedFor(20, 150);
    assertEquals(4, distances.cpuFactor(80));
    assertEquals(10, distances.bytesFactor(AllocationMode.SAMPLED, 15));
    assertEquals(1, distances.bytesFactor(AllocationMode.ALL, 15));
  }
}
