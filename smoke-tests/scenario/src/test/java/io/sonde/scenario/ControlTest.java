package io.sonde.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sonde.apps.Planted;
import io.sonde.apps.Profiled;
import io.sonde.testing.ForkedJvm;
import io.sonde.testing.Jdk;
import io.sonde.testing.Jdks;
import io.sonde.testing.PyroscopeSink;
import io.sonde.testing.ReceivedProfile;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code profiler PID} tells the profiler of a running JVM what to do. */
class ControlTest {
  private static final Duration LONG = Duration.ofSeconds(60);

  private static final String CPU = "process_cpu:cpu:nanoseconds:cpu:nanoseconds";
  private static final String MUTEX = "mutex:delay:nanoseconds:mutex:count";
  private static final String WALL = "wall:wall:nanoseconds:wall:nanoseconds";
  private static final String EXCEPTIONS = "exception:exceptions:count:exceptions:count";

  /** By which Flight Recorder samples CPU time in one way and in the other. */
  static List<Jdk> jdks() {
    List<Jdk> both =
        Jdks.all().stream().filter(j -> j.version() >= 17 && j.version() < 27).toList();
    return Stream.of(both.get(0), both.get(both.size() - 1)).distinct().toList();
  }

  /** Again where the profiler is too busy to stop at once, as the answer asks for. */
  private static String tell(Jdk jdk, ForkedJvm app, String... words) throws Exception {
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
    Jdk jdk = Jdks.current();
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
          tell(jdk, app, "window", "1s"));
      assertEquals(
          "profiler: on: cpu 20000us, alloc on, lock 10ms, window 1s", tell(jdk, app, "on"));
      sink.await("allocation", p -> p.types().get(0).contains("alloc"), 1, LONG);
      assertEquals(
          "profiler: on: cpu 20000us, alloc off, lock 10ms, window 1s",
          tell(jdk, app, "alloc", "off"));
      long told = now();
      sink.await("CPU time", begunAfter(told), 2, LONG);
      List<ReceivedProfile> after = sink.profiles().stream().filter(begunAfter(told)).toList();
      assertTrue(after.stream().noneMatch(p -> p.types().get(0).contains("alloc")));
      String off = tell(jdk, app, "off");
      assertTrue(off.startsWith("profiler: off; when on: cpu 20000us, alloc off"), off);
      long ended = now();
      Thread.sleep(2000);
      assertTrue(sink.profiles().stream().noneMatch(begunAfter(ended)), "more comes");
    }
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void eachCommand_isSeenInWhatLeaves(Jdk jdk) throws Exception {
    try (PyroscopeSink sink = new PyroscopeSink();
        ForkedJvm app =
            ForkedJvm.on(jdk)
                .classPathOf(Profiled.class)
                .main(Profiled.class)
                .quick()
                .agent()
                .env("PYROSCOPE_SERVER_ADDRESS", sink.address())
                .env("PYROSCOPE_UPLOAD_INTERVAL", "1s")
                .env("SONDE_PROFILER_START_DELAY", "0")
                .env("SONDE_PROFILER_BUDGET", "off") // which would thin on a machine that is busy
                .start()) {
      app.awaitPort(LONG);
      boolean cpuTime = jdk.version() >= 25;
      String five = cpuTime ? "cpu 5000us" : "cpu 10000us (the least of ExecutionSample)";
      Told told = new Told(jdk, app, sink);
      assertEquals(20_000_000, told.first(CPU).period());

      told.answers(five + ", alloc on, lock 10ms, window 1s", "cpu", "5ms");
      assertEquals(cpuTime ? 5_000_000 : 10_000_000, told.first(CPU).period());
      told.refuses("cpu", "5", "a duration from 1ms to 1000ms is needed, such as 1ms");
      told.refuses("lock", "maybe", "a duration from 1ms to 60000ms is needed, such as 1ms");
      told.refuses("window", "1h", "a duration from 1000ms to 600000ms is needed, such as 1000ms");
      told.refuses("wall", "5", "is none of: on, off, cpu DURATION|on|off, ");
      told.refuses("exceptions", "maybe", "is none of: on, off, cpu DURATION|on|off, ");
      assertEquals(told.state, tell(jdk, app), "goes on as it did");

      told.answers(five + ", alloc on, lock off, window 1s", "lock", "off");
      told.lacks(MUTEX, CPU);
      told.answers(five + ", alloc on, lock 1ms, window 1s", "lock", "1ms");
      told.first(MUTEX);

      told.answers(five + ", alloc on, lock 1ms, exceptions on, window 1s", "exceptions", "on");
      told.first(EXCEPTIONS);
      told.answers(five + ", alloc on, lock 1ms, window 1s", "exceptions", "off");
      told.lacks(EXCEPTIONS, CPU);

      told.answers("cpu off, alloc on, lock 1ms, window 1s", "cpu", "off");
      told.lacks(CPU, MUTEX);
      told.answers(five + ", alloc on, lock 1ms, window 1s", "cpu", "on");
      told.first(CPU);

      told.answers("cpu 5000us, alloc on, lock 1ms, wall on, window 1s", "wall", "on");
      told.first(WALL);
      assertEquals(5_000_000, told.first(CPU).period(), "by async-profiler");
      told.answers(five + ", alloc on, lock 1ms, window 1s", "wall", "off");
      told.lacks(WALL, CPU);

      sink.await("1 s", told.of(CPU).and(p -> p.durationNanos() < 2_500_000_000L), 1, LONG);
      told.answers(five + ", alloc on, lock 1ms, window 4s", "window", "4s");
      told.first(CPU); // a first window is short
      sink.await("4 s", told.of(CPU).and(p -> p.durationNanos() >= 3_900_000_000L), 1, LONG);
      assertEquals(List.of(), sink.problems());
    }
  }

  /** What was told last, and what came of it. */
  private static final class Told {
    private final Jdk jdk;
    private final ForkedJvm app;
    private final PyroscopeSink sink;
    private String state = "";
    private long when;

    Told(Jdk jdk, ForkedJvm app, PyroscopeSink sink) {
      this.jdk = jdk;
      this.app = app;
      this.sink = sink;
    }

    void answers(String expected, String... words) throws Exception {
      state = "profiler: on: " + expected;
      assertEquals(state, tell(jdk, app, words));
      when = now();
    }

    /** In one line. */
    void refuses(String what, String value, String reason) throws Exception {
      String said = tell(jdk, app, what, value);
      assertTrue(said.startsWith("[sonde] '" + what + " " + value + "'"), said);
      assertTrue(said.contains(reason), said);
      assertEquals(1, said.lines().count(), said);
    }

    Predicate<ReceivedProfile> of(String type) {
      return begunAfter(when).and(profile -> profile.types().contains(type));
    }

    ReceivedProfile first(String type) {
      return sink.await(type, of(type), 1, LONG).get(0);
    }

    /** Two windows have the other one. */
    void lacks(String type, String other) {
      sink.await(other, of(other), 2, LONG);
      assertTrue(sink.profiles().stream().noneMatch(of(type)), type);
    }
  }
}
