package io.sonde.profiler.async;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sonde.core.Costs;
import io.sonde.core.Links;
import io.sonde.core.Propagation;
import io.sonde.core.Sampler;
import io.sonde.core.ServerSpan;
import io.sonde.core.Span;
import io.sonde.core.SpanQueue;
import io.sonde.core.Timeline;
import io.sonde.core.Tracing;
import io.sonde.profiler.FreshGovernor;
import io.sonde.profiler.Governor;
import io.sonde.profiler.Join;
import io.sonde.profiler.Plan;
import io.sonde.profiler.pprof.Profile;
import io.sonde.settings.Settings;
import io.sonde.testing.ReceivedProfile;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a sample weighs, by chunks made by hand: no JVM here writes those of Java 8 to 10. */
class WindowReaderTest {
  private static final long KIB = 1024;

  @Test
  void before11_anAllocationWeighsTheDistance_orWhatWasAllocatedWhereThatIsMore() throws Exception {
    HandMade chunk =
        new HandMade()
            .inNewTlab(64, 32 * KIB)
            .inNewTlab(64, 900 * KIB)
            .outsideTlab(128 * KIB)
            .outsideTlab(2048 * KIB);
    assertEquals(
        List.of(
            (512 + 900) * KIB / 64 + " objects, " + (512 + 900) * KIB + " bytes",
            4 + 1 + " objects, " + (512 + 2048) * KIB + " bytes"),
        read(false, chunk));
  }

  @Test
  void from11On_anAllocationWeighsByItsChance() throws Exception {
    double chance = 1 - Math.exp(-0.25);
    assertEquals(
        List.of(Math.round(1 / chance) + " objects, " + Math.round(128 * KIB / chance) + " bytes"),
        read(true, new HandMade().outsideTlab(128 * KIB)));
  }

  @Test
  void whatIsKept_isTakenOnce_andHasItsBound() throws Exception {
    byte[] chunk = new HandMade().outsideTlab(128 * KIB).bytes();
    WindowReader reader = new WindowReader(new Join(), new Asked(), governor(), true);
    reader.keep(2 * chunk.length);
    for (int round = 0; round < 2; round++) {
      reader.read(chunk);
      reader.read(chunk);
      byte[] kept = reader.takeKept();
      assertEquals(2 * chunk.length, kept == null ? -1 : kept.length);
      for (int i = 0; i < 4; i++) {
        reader.read(chunk);
      }
      assertNull(reader.takeKept());
    }
  }

  /** Whoever follows a span's link finds samples, so one whose samples all lost it has none. */
  @Test
  void samplesThatFoundNoRoomForTheirSpan_doNotLinkIt() throws Exception {
    Tracing.start(Sampler.on(true), Propagation.of("none"), new SpanQueue(8, 8));
    Timeline.start();
    Costs.start(Costs.Counters.NONE, false);
    Links.start(true, 20_000_000);
    try {
      ServerSpan first = ended();
      ServerSpan last = ended();
      Join join = new Join();
      HandMade chunk = new HandMade();
      long begin = System.nanoTime();
      for (int i = 0; i <= 12_000; i++) {
        long span = i == 0 ? first.id() : i == 12_000 ? last.id() : i;
        join.change(0, begin + 2L * i, span, 7, i, null);
        chunk.executionSample(begin + 2L * i + 1);
      }
      WindowReader reader = new WindowReader(join, new Asked(), governor(), true);
      reader.read(chunk.bytes());
      assertEquals(1, reader.take().get(0).overflow());
      Links.read(System.nanoTime(), 20_000_000, Long.MAX_VALUE);
      assertTrue(isLinked(first));
      assertFalse(isLinked(last));
    } finally {
      Links.stop();
      Costs.stop();
      Timeline.stop();
      Tracing.stop();
    }
  }

  private static ServerSpan ended() {
    ServerSpan span = ServerSpan.start("", (request, name) -> null, "GET");
    span.exit();
    span.end();
    return span;
  }

  private static boolean isLinked(Span span) {
    Set<String> keys = new HashSet<>();
    span.attributes(
        new Span.Out() {
          @Override
          public void attribute(String key, Object value) {
            keys.add(key);
          }

          @Override
          public void attribute(String key, long value) {
            keys.add(key);
          }
        });
    return keys.contains("pyroscope.profile.id");
  }

  private static List<String> read(boolean poisson, HandMade chunk) throws Exception {
    WindowReader reader = new WindowReader(new Join(), new Asked(), governor(), poisson);
    reader.read(chunk.bytes());
    List<String> sums = new ArrayList<>();
    for (Profile profile : reader.take()) {
      ReceivedProfile seen =
          ReceivedProfile.of(Map.of("__name__", "test"), profile.encode(0, 1_000_000_000));
      sums.add(seen.sum(0, sample -> true) + " objects, " + seen.sum(1, sample -> true) + " bytes");
    }
    return sums;
  }

  private static Governor governor() {
    return FreshGovernor.of(new Plan(new Settings(name -> null, name -> null), false, false));
  }

  /** Allocations 512 KiB apart. */
  private static final class Asked implements WindowReader.Periods {
    @Override
    public long cpu() {
      return 20_000_000;
    }

    @Override
    public long wall() {
      return 20_000_000;
    }

    @Override
    public long allocation() {
      return 512 * KIB;
    }

    @Override
    public long lock() {
      return 10_000_000;
    }
  }
}
