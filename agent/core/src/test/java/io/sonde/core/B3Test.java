package io.sonde.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Collections;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** B3; the ids are those of openzipkin/b3-propagation's examples. */
class B3Test {
  private static final String TRACE = "80f198ee56343ba864fe8b2a57d3eff7";
  private static final String SPAN = "e457b5a2e4d86bd1";
  private static final String PARENT = TRACE + '-' + SPAN;

  private static Wire single(String b3) {
    return Wire.of("b3").header("b3", b3);
  }

  private static Wire multi() {
    return Wire.of("b3multi").header("X-B3-TraceId", TRACE).header("X-B3-SpanId", SPAN);
  }

  @Test
  void single_goesOn_withItsState() {
    String accepted = single(PARENT + "-1-05e3ac9a4f6e3b90").out().get("b3");
    assertTrue(accepted.matches(TRACE + "-[0-9a-f]{16}-1"), accepted);
    assertEquals(PARENT, single(PARENT + "-1-05e3ac9a4f6e3b90").parent());

    String denied = single(PARENT + "-0").out().get("b3");
    assertTrue(denied.matches(TRACE + "-[0-9a-f]{16}-0"), denied);

    String debug = single(PARENT + "-d").out().get("b3");
    assertTrue(debug.matches(TRACE + "-[0-9a-f]{16}-d"), debug);
  }

  /** "Values MUST be deduplicated in order to register a Propagator only once." */
  @Test
  void namedTwice_isWrittenOnce() {
    Wire wire = Wire.of("b3", "tracecontext", "b3");
    assertTrue(wire.out().get("b3").endsWith("-1"));
    assertEquals(1, Collections.frequency(wire.written(), "b3"));
  }

  @Test
  void deferred_isDecidedHere() {
    assertTrue(single(PARENT).out().get("b3").endsWith("-1"));
    assertTrue(single(PARENT).sampler(Sampler.off(true)).out().get("b3").endsWith("-0"));
    assertEquals(PARENT, single(PARENT).parent());
    assertTrue(multi().sampler(Sampler.off(true)).out().get("X-B3-Sampled").equals("0"));
    assertEquals(PARENT, multi().parent());
  }

  @Test
  void decisionAlone_isFollowed() {
    assertTrue(single("0").out().get("b3").endsWith("-0"));
    assertTrue(single("1").sampler(Sampler.off(true)).out().get("b3").endsWith("-1"));
    assertTrue(single("d").sampler(Sampler.off(true)).out().get("b3").endsWith("-d"));
    assertNull(single("0").parent());
    assertEquals("0", Wire.of("b3multi").header("X-B3-Sampled", "0").out().get("X-B3-Sampled"));
    assertTrue(
        single("0").sampler(Sampler.on(false)).out().get("b3").endsWith("-1"),
        "a sampler that is not parent-based decides itself");
  }

  @Test
  void multi_goesOn() {
    Map<String, String> out =
        multi().header("X-B3-ParentSpanId", "05e3ac9a4f6e3b90").header("X-B3-Sampled", "1").out();
    assertEquals(TRACE, out.get("X-B3-TraceId"));
    assertTrue(out.get("X-B3-SpanId").matches("[0-9a-f]{16}"));
    assertEquals("1", out.get("X-B3-Sampled"));
    assertFalse(out.containsKey("X-B3-Flags"));
    assertFalse(out.containsKey("b3"));
    assertEquals("1", multi().header("X-B3-Sampled", "true").out().get("X-B3-Sampled"));
    assertEquals("0", multi().header("X-B3-Sampled", "false").out().get("X-B3-Sampled"));
  }

  @Test
  void multi_debug_impliesSampled() {
    Map<String, String> out = multi().header("X-B3-Flags", "1").sampler(Sampler.off(true)).out();
    assertEquals("1", out.get("X-B3-Flags"));
    assertFalse(
        out.containsKey("X-B3-Sampled"), "debug implies an accept, so that it is not sent beside");
  }

  @Test
  void eitherFormat_readsBoth_singleFirst() {
    assertEquals(
        PARENT, Wire.of("b3").header("X-B3-TraceId", TRACE).header("X-B3-SpanId", SPAN).parent());
    assertEquals(PARENT, Wire.of("b3multi").header("b3", PARENT).parent());
    assertEquals(
        PARENT,
        multi().header("b3", "4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-zzz").parent(),
        "a single header that is malformed counts as absent");
  }

  @Test
  void shortTraceIds_arePadded() {
    String parent = "0000000000000000a3ce929d0e0e4736-00f067aa0ba902b7";
    assertEquals(parent, single("a3ce929d0e0e4736-00f067aa0ba902b7-1").parent());
    assertEquals(
        parent,
        Wire.of("b3")
            .header("X-B3-TraceId", "A3CE929D0E0E4736")
            .header("X-B3-SpanId", "00F067AA0BA902B7")
            .parent());
    assertTrue(
        single("a3ce929d0e0e4736-00f067aa0ba902b7-1")
            .out()
            .get("b3")
            .startsWith("0000000000000000a3ce929d0e0e4736-"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "-",
        "x",
        "--",
        "80f198ee56343ba864fe8b2a57d3eff7",
        "80f198ee56343ba864fe8b2a57d3eff7-",
        "80f198ee56343ba864fe8b2a57d3eff7-e457b5a2e4d86bd",
        "80f198ee56343ba864fe8b2a57d3eff7-e457b5a2e4d86bd1-",
        "80f198ee56343ba864fe8b2a57d3eff7-e457b5a2e4d86bd1-2",
        "80f198ee56343ba864fe8b2a57d3eff7-e457b5a2e4d86bd1-11",
        "00000000000000000000000000000000-e457b5a2e4d86bd1-1",
        "80f198ee56343ba864fe8b2a57d3eff7-0000000000000000-1",
        "80f198ee56343ba864fe8b2a57d3efg7-e457b5a2e4d86bd1-1",
        "f7-e457b5a2e4d86bd1-1",
        "80f198ee56343ba864fe8b2a57d3eff7-e457b5a2e4d86bd1-1-05e3ac9a4f6e3b90-and-so-on-and-so-on-and-so-on"
      })
  void malformed_beginsATrace(String b3) {
    assertNull(single(b3).parent());
  }
}
