package io.sonde.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Samplers by what goes downstream: the sampled flag and the threshold in tracestate. */
class SamplerTest {
  private static final String SAMPLED = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
  private static final String UNSAMPLED = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00";

  private static Wire wire(Sampler sampler) {
    return Wire.of("tracecontext", "baggage").sampler(sampler);
  }

  private static boolean sampled(Wire wire) {
    return (wire.out().get("traceparent").charAt(54) & 1) == 1;
  }

  @Test
  void on_and_off() {
    assertTrue(sampled(wire(Sampler.on(true))));
    assertFalse(sampled(wire(Sampler.off(true))));
    assertFalse(sampled(wire(Sampler.on(true)).header("traceparent", UNSAMPLED)));
    assertTrue(sampled(wire(Sampler.off(true)).header("traceparent", SAMPLED)));
    assertTrue(sampled(wire(Sampler.on(false)).header("traceparent", UNSAMPLED)));
    assertFalse(sampled(wire(Sampler.off(false)).header("traceparent", SAMPLED)));
    assertNull(wire(Sampler.on(true)).out().get("tracestate"));
  }

  /** The thresholds are those of the probability sampling specification. */
  @ParameterizedTest
  @CsvSource({"1, 0", "0.5, 8", "0.25, c", "0.125, e", "0.01, fd70a3d70a3d71"})
  void ratio_saysItsThreshold(double ratio, String th) {
    for (int i = 0; i < 10_000; i++) {
      Map<String, String> out = wire(Sampler.ratio(ratio, true)).out();
      boolean sampled = out.get("traceparent").endsWith("3");
      assertEquals(sampled ? "ot=th:" + th : null, out.get("tracestate"));
      if (sampled) {
        return;
      }
    }
    throw new AssertionError("nothing was sampled");
  }

  @Test
  void ratio_decidesByTheLast56BitsOfTheTraceId() {
    String below = "00-4bf92f3577b34da6ffbfffffffffffff-00f067aa0ba902b7-00";
    String at = "00-4bf92f3577b34da600c0000000000000-00f067aa0ba902b7-00";
    Sampler quarter = Sampler.ratio(0.25, false);
    assertFalse(sampled(wire(quarter).header("traceparent", below)));
    assertTrue(sampled(wire(quarter).header("traceparent", at)));
    assertFalse(sampled(wire(Sampler.ratio(0.25, true)).header("traceparent", at)));
  }

  @Test
  void ratio_takesThatShare() {
    int sampled = 0;
    for (int i = 0; i < 20_000; i++) {
      sampled += sampled(wire(Sampler.ratio(0.25, true))) ? 1 : 0;
    }
    // Six standard deviations.
    assertTrue(Math.abs(sampled - 5000) < 368, "sampled " + sampled);
  }

  @Test
  void ratio_none_isOff() {
    assertFalse(sampled(wire(Sampler.ratio(0, true))));
    assertFalse(sampled(wire(Sampler.ratio(-1, true))));
    assertTrue(sampled(wire(Sampler.ratio(7, true))));
  }

  @Test
  void threshold_takesTheCallersPlace_othersStay() {
    String state = "congo=t61rcWkgMzE,ot=th:4;rv:ffffffffffffff;x:y,rojo=1";
    Map<String, String> out =
        wire(Sampler.ratio(0.5, false))
            .header("traceparent", UNSAMPLED)
            .header("tracestate", state)
            .out();
    assertEquals("ot=th:8;rv:ffffffffffffff;x:y,congo=t61rcWkgMzE,rojo=1", out.get("tracestate"));
    assertTrue(out.get("traceparent").endsWith("-01"), "by the caller's own random bits");
  }

  @Test
  void notSampled_takesTheThresholdOut() {
    String state = "congo=t61rcWkgMzE,ot=th:4;rv:00000000000000";
    Map<String, String> out =
        wire(Sampler.ratio(0.5, false))
            .header("traceparent", SAMPLED)
            .header("tracestate", state)
            .out();
    assertEquals("ot=rv:00000000000000,congo=t61rcWkgMzE", out.get("tracestate"));
    assertTrue(out.get("traceparent").endsWith("-00"));
    assertNull(
        wire(Sampler.ratio(0.5, false))
            .header("traceparent", SAMPLED.replace("a3ce929d0e0e4736", "a300000000000000"))
            .header("tracestate", "ot=th:4")
            .out()
            .get("tracestate"));
  }

  @Test
  void parentBased_leavesTheStateAlone() {
    String state = "congo=t61rcWkgMzE,ot=th:4";
    assertEquals(
        state,
        wire(Sampler.ratio(0.5, true))
            .header("traceparent", SAMPLED)
            .header("tracestate", state)
            .out()
            .get("tracestate"));
  }

  @Test
  void baggage_goesOn_besideTheThreshold() {
    Map<String, String> out = wire(Sampler.ratio(1, true)).header("baggage", "a=1").out();
    assertEquals("ot=th:0", out.get("tracestate"));
    assertEquals("a=1", out.get("baggage"));
  }

  @Test
  void malformedRandomness_isIgnored() {
    for (String state :
        new String[] {"ot=rv:1", "ot=rv:gggggggggggggg", "ot=rv:", "xot=rv:00000000000000"}) {
      assertTrue(
          sampled(
              wire(Sampler.ratio(0.5, false))
                  .header("traceparent", UNSAMPLED.replace("a3ce929d0e0e4736", "00ffffffffffffff"))
                  .header("tracestate", state)),
          state);
    }
  }
}
