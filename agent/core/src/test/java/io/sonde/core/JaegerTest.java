package io.sonde.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Jaeger's propagation format: {@code {trace-id}:{span-id}:{parent-span-id}:{flags}}. */
class JaegerTest {
  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final String SPAN = "00f067aa0ba902b7";

  private static Wire wire(String id) {
    return Wire.of("jaeger").header("uber-trace-id", id);
  }

  @Test
  void id_goesOn_withItsFlags() {
    assertTrue(
        wire(TRACE + ':' + SPAN + ":0:1")
            .out()
            .get("uber-trace-id")
            .matches(TRACE + ":[0-9a-f]{16}:0:1"));
    assertTrue(
        wire(TRACE + ':' + SPAN + ":0:0")
            .out()
            .get("uber-trace-id")
            .matches(TRACE + ":[0-9a-f]{16}:0:0"));
    assertTrue(
        wire(TRACE + ':' + SPAN + ":0:03")
            .out()
            .get("uber-trace-id")
            .matches(TRACE + ":[0-9a-f]{16}:0:3"),
        "debug goes on");
    assertEquals(TRACE + '-' + SPAN, wire(TRACE + ':' + SPAN + ":0:1").parent());
  }

  @Test
  void leadingZeros_mayBeMissing() {
    assertEquals("0000000000000000000000000000abcd-0000000000000012", wire("abcd:12:0:1").parent());
    assertEquals(
        "0000000000000001a3ce929d0e0e4736-" + SPAN,
        wire("1a3ce929d0e0e4736:f067aa0ba902b7:0:1").parent());
  }

  @Test
  void urlEncoded_isRead() {
    assertEquals(TRACE + '-' + SPAN, wire(TRACE + "%3A" + SPAN + "%3A0%3a1").parent());
  }

  @Test
  void baggage_isReadAndWrittenByHeader() {
    Wire wire =
        Wire.of("jaeger", "baggage")
            .header("uber-trace-id", TRACE + ':' + SPAN + ":0:1")
            .header("Uberctx-user", "alice b")
            .header("uberctx-tier", "gold")
            .header("uberctx-", "nobody");
    Map<String, String> out = wire.out();
    assertEquals("alice%20b", out.get("uberctx-user"));
    assertEquals("gold", out.get("uberctx-tier"));
    assertEquals("tier=gold,user=alice%20b", out.get("baggage"));
  }

  @Test
  void baggageByHand_isRead() {
    Map<String, String> out =
        Wire.of("jaeger").header("jaeger-baggage", "k1=v1, k2 = v2,broken,=x").out();
    assertEquals("v1", out.get("uberctx-k1"));
    assertEquals("v2", out.get("uberctx-k2"));
    assertEquals(3, out.size());
  }

  @Test
  void baggage_isBounded() {
    Wire wire = Wire.of("jaeger");
    StringBuilder list = new StringBuilder();
    for (int i = 0; i < 100; i++) {
      wire.header("uberctx-k" + i, "v");
      list.append(",k").append(i).append("=v");
    }
    assertEquals(64 + 1, wire.out().size());
    assertEquals(63 + 1, Wire.of("jaeger").header("jaeger-baggage", list.toString()).out().size());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ":",
        ":::",
        "::::",
        "a:b:c",
        "0:1:0:1",
        "1:0:0:1",
        "x:1:0:1",
        "1:1:0:",
        "1:1:0:111",
        "1:1:0:g",
        "14bf92f3577b34da6a3ce929d0e0e4736a:1:0:1",
        "1:100f067aa0ba902b7:0:1",
        "1%3",
        "%%%%"
      })
  void malformed_beginsATrace(String id) {
    assertNull(wire(id).parent());
  }
}
