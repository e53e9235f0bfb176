package io.sonde.overhead;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sonde.testing.ForkedJvm;
import io.sonde.testing.Jdks;
import io.sonde.testing.Ports;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
class ProcTest {

  @Test
  void counters_of_a_running_server_are_read() throws InterruptedException {
    int port = Ports.free();
    try (ForkedJvm jvm = Subject.hello().launcher().on(Jdks.current(), port).start()) {
      Start.awaitAnswer(jvm, port, "/");

      assertTrue(Proc.cpuMillis(jvm.pid()) >= 10);
      long jit = Proc.jitMillis(jvm.pid());
      assertTrue(jit > 0 && jit <= Proc.cpuMillis(jvm.pid()), "JIT " + jit);
      assertTrue(Proc.rssMiB(jvm.pid()) > 10);
      assertTrue(Proc.threads(jvm.pid()) > 5);
      LoadedClasses classes = LoadedClasses.of(Jdks.current(), jvm.pid());
      assertTrue(classes.all() > 400, classes::toString);
      assertTrue(classes.shared() <= classes.all(), classes::toString);
      try (AllocationProbe probe = new AllocationProbe(jvm.pid())) {
        Map<Long, Long> before = probe.read();
        assertTrue(before.size() > 2);
        assertTrue(AllocationProbe.between(before, probe.read()) >= 0);
      }
    }
  }

  @Test
  void threads_that_began_between_readings_count_whole() {
    Map<Long, Long> after = new HashMap<>(Map.of(1L, 150L, 2L, 30L));

    assertEquals(80, AllocationProbe.between(Map.of(1L, 100L, 9L, 999L), after));
  }
}
