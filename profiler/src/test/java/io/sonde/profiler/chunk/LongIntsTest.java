package io.sonde.profiler.chunk;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LongIntsTest {
  private final LongInts numbers = new LongInts();

  @Test
  void isAMap() {
    Map<Long, Integer> same = new HashMap<>();
    Random random = new Random(1);
    for (int round = 0; round < 2; round++) {
      for (int i = 0; i < 5000; i++) {
        long key = random.nextInt(3000) - 10L << random.nextInt(40);
        int value = random.nextInt(Integer.MAX_VALUE);
        numbers.put(key, value);
        same.put(key, value);
      }
      same.forEach((key, value) -> assertEquals(value, numbers.get(key)));
      assertEquals(-1, numbers.get(Long.MAX_VALUE));
      same.keySet().removeIf(key -> true);
      numbers.clear();
      assertEquals(-1, numbers.get(0));
    }
  }
}
