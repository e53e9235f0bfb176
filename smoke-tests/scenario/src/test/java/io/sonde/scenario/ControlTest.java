package io.sonde.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sonde.apps.Planted;
import io.sonde.testing.ForkedJvm;
import io.sonde.testing.Jdk;
import io.sonde.testing.Jdks;
import io.sonde.testing.PyroscopeSink;
import io.sonde.testing.ReceivedProfile;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** {@code profiler PID} tells the profiler of a running JVM what to do. */
class ControlTest {
  private static final Duration LONG = Duration.ofSeconds(60);

  private final Jdk jdk = Jdks.current();

  /** Again where the profiler is too busy to stop at once, as the answer asks for. */
  private String tell(ForkedJvm app, String... words) throws Exception {
    String[] all = new String[words.length + 2];
    all[0] = "profiler";
    all[1] = Long.toString(app.pid());
    System.arraycopy(words, 0, all, 2, words.length);
    long end = System.nanoTime() + LONG.toNanos();
    String said = ChainTest.Commands.run(jdk, all).strip();
    while (said.endsWith("try again") && System.nanoTime() - end < 0) {
      said = ChainTest.Commands.run(jdk, all).strip();
    }
    return said;
  }

  private static long now() {
    return System.currentTimeMillis() * 1_000_000;
  }

  /** Windows that began before may still be under way. */
  private static Predicate<ReceivedProfile> begunAfter(long epochNanos) {
    return profile -> profile.epochNanos() > epochNanos;
  }

  @Test
  void commands_switchItOffAndOn_andChangeWhatItSamples() throws Exception {
    try (PyroscopeSink sink = new PyroscopeSink();
        ForkedJvm app =
            ForkedJvm.on(jdk)
                .classPathOf(Planted.class)
                .main(Planted.class)
                .quick()
                .agent()
                .env("PYROSCOPE_SERVER_ADDRESS", sink.address())
                .env("SONDE_PROFILER_ENGINE", "off")
                .start()) {
      app.awaitPort(LONG);
      assertEquals(
          "profiler: not started; then: cpu 20000us, alloc on, lock 10ms, window 1s",
          tell(app, "window", "1s"));
      assertEquals("profiler: on: cpu 20000us, alloc on, lock 10ms, window 1s", tell(app, "on"));
      sink.await("allocation", p -> p.types().get(0).contains("alloc"), 1, LONG);
      assertEquals(
          "profiler: on: cpu 20000us, alloc off, lock 10ms, window 1s", tell(app, "alloc", "off"));
      long told = now();
      sink.await("CPU time", begunAfter(told), 2, LONG);
      List<ReceivedProfile> after = sink.profiles().stream().filter(begunAfter(told)).toList();
      assertTrue(after.stream().noneMatch(p -> p.types().get(0).contains("alloc")));
      String off = tell(app, "off");
      assertTrue(off.startsWith("profiler: off; when on: cpu 20000us, alloc off"), off);
      long ended = now();
      Thread.sleep(2000);
      assertTrue(sink.profiles().stream().noneMatch(begunAfter(ended)), "more comes");
    }
  }
}
