package io.sonde.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** The headers of OpenTracing's basic tracers. */
class OtTraceTest {
  private static Wire wire(String trace, String span, String sampled) {
    Wire wire =
        Wire.of("ottrace").header("ot-tracer-traceid", trace).header("ot-tracer-spanid", span);
    return sampled == null ? wire : wire.header("ot-tracer-sampled", sampled);
  }

  @Test
  void ids_goOn_traceIdByItsLowerHalf() {
    Map<String, String> out = wire("a3ce929d0e0e4736", "00f067aa0ba902b7", "true").out();
    assertEquals("a3ce929d0e0e4736", out.get("ot-tracer-traceid"));
    assertTrue(out.get("ot-tracer-spanid").matches("[0-9a-f]{16}"));
    assertEquals("true", out.get("ot-tracer-sampled"));
    assertEquals(
        "0000000000000000a3ce929d0e0e4736-00f067aa0ba902b7",
        wire("a3ce929d0e0e4736", "00f067aa0ba902b7", "true").parent());
    assertEquals(
        "4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7",
        wire("4bf92f3577b34da6a3ce929d0e0e4736", "f067aa0ba902b7", "true").parent());
  }

  @Test
  void sampled_goesOn_absentIsDecidedHere() {
    assertEquals("false", wire("1", "2", "false").out().get("ot-tracer-sampled"));
    assertEquals("true", wire("1", "2", null).out().get("ot-tracer-sampled"));
    assertEquals(
        "false", wire("1", "2", null).sampler(Sampler.off(true)).out().get("ot-tracer-sampled"));
  }

  @Test
  void baggage_goesOn_belowAParentOnly() {
    assertEquals("v", wire("1", "2", "true").header("ot-baggage-k", "v").out().get("ot-baggage-k"));
    assertNull(Wire.of("ottrace").header("ot-baggage-k", "v").out().get("ot-baggage-k"));
  }

  @Test
  void malformed_beginsATrace() {
    assertNull(wire("", "2", "true").parent());
    assertNull(wire("1", "", "true").parent());
    assertNull(wire("0", "2", "true").parent());
    assertNull(wire("xyz", "2", "true").parent());
    assertNull(wire("4bf92f3577b34da6a3ce929d0e0e47361", "2", "true").parent());
    assertNull(Wire.of("ottrace").header("ot-tracer-traceid", "1").parent());
  }
}
