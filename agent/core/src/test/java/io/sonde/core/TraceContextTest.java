package io.sonde.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** W3C trace context; the values are the recommendation's own examples. */
class TraceContextTest {
  private static final String PARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

  private static Wire wire() {
    return Wire.of("tracecontext", "baggage");
  }

  private static Wire wire(String parent) {
    return wire().header("traceparent", parent);
  }

  @Test
  void parent_goesOn_withOwnSpanId() {
    Wire wire = wire(PARENT);
    Map<String, String> out = wire.out();

    String sent = out.get("traceparent");
    assertTrue(sent.matches("00-4bf92f3577b34da6a3ce929d0e0e4736-[0-9a-f]{16}-01"), sent);
    assertNotEquals("00f067aa0ba902b7", sent.substring(36, 52));
    assertEquals("4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7", wire.parent());
    assertFalse(out.containsKey("tracestate"));
  }

  @Test
  void notSampled_staysNotSampled() {
    String sent =
        wire("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00").out().get("traceparent");
    assertTrue(sent.endsWith("-00"), sent);
  }

  /** A later version's form and flags that we do not know are not ours to send. */
  @ParameterizedTest
  @CsvSource({
    "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00, 00, true",
    "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-02, 02, true",
    "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01, 00, false",
    "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-08, 00, false",
    "01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00-x, 00, false"
  })
  void notRecorded_callsSendWhatCame_whereWeWouldSayTheSame(
      String came, String flags, boolean goesOn) {
    String sent = wire(came).sampler(Sampler.off(false)).out().get("traceparent");
    assertEquals(goesOn, sent.equals(came), sent);
    assertEquals("00-4bf92f3577b34da6a3ce929d0e0e4736-", sent.substring(0, 36));
    assertEquals(flags, sent.substring(53));
  }

  @Test
  void notRecorded_callsOfATraceSendTheSame_thoseOfAnotherDoNot() {
    try (Recording off = new Recording(Sampler.off(false))) {
      List<String> sent = new ArrayList<>();
      for (int request = 0; request < 2; request++) {
        ServerSpan server = Recording.server();
        for (int call = 0; call < 2; call++) {
          Map<String, String> headers = new HashMap<>();
          ClientSpan span = ClientSpan.start("GET");
          span.inject(headers, Map::put);
          span.end();
          sent.add(headers.get("traceparent"));
          assertEquals(Hex.of(server.traceHi(), server.traceLo()), sent.get(0).substring(3, 35));
        }
        server.exit();
        server.end();
        assertEquals(sent.get(0), sent.get(1));
        assertTrue(sent.get(0).endsWith("-02"), sent::toString);
        sent.clear();
      }
      assertEquals(List.of(), off.left());
    }
  }

  @Test
  void randomFlag_goesOn_unknownFlagsDoNot() {
    String sent =
        wire("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-ff").out().get("traceparent");
    assertTrue(sent.endsWith("-03"), sent);
  }

  @Test
  void ownTrace_hasRandomFlag() {
    String sent = wire().out().get("traceparent");
    assertTrue(sent.matches("00-[0-9a-f]{32}-[0-9a-f]{16}-03"), sent);
  }

  @Test
  void laterVersion_isReadAsFarAsKnown() {
    assertEquals(
        "4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7",
        wire("cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-what-the-future-will-be-like")
            .parent());
    assertNull(wire("cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01.what").parent());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "00",
        "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0X",
        "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e473-00f067aa0ba902b7-01",
        "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
        "00_4bf92f3577b34da6a3ce929d0e0e4736_00f067aa0ba902b7_01",
        "００-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
      })
  void malformedParent_beginsATrace_withoutState(String parent) {
    Wire wire = wire(parent).header("tracestate", "congo=t61rcWkgMzE");
    assertNull(wire.parent());
    assertFalse(wire.out().containsKey("tracestate"));
  }

  @Test
  void severalParents_beginATrace() {
    assertNull(wire(PARENT).header("traceparent", PARENT.replace('4', '5')).parent());
    assertNull(
        wire("cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-x")
            .header("traceparent", PARENT)
            .parent());
  }

  @Test
  void state_goesOnAsItCame() {
    assertEquals(
        "rojo=00f067aa0ba902b7,congo=t61rcWkgMzE",
        wire(PARENT)
            .header("tracestate", "rojo=00f067aa0ba902b7,congo=t61rcWkgMzE")
            .out()
            .get("tracestate"));
  }

  @Test
  void severalStates_areCombinedInOrder() {
    Wire wire =
        wire(PARENT)
            .header("tracestate", "rojo=00f067aa0ba902b7 , ")
            .header("tracestate", "congo=t61rcWkgMzE,fw529a3039@dt=FfWk");
    assertEquals(
        "rojo=00f067aa0ba902b7,congo=t61rcWkgMzE,fw529a3039@dt=FfWk", wire.out().get("tracestate"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "foo",
        "=1",
        "foo=",
        "foo =1",
        "FOO=1",
        "foo=1=2",
        "foo@=1,b\u00e4r=2",
        "foo=1\u0001",
        " , "
      })
  void malformedState_isLeftOut_parentCounts(String state) {
    Wire wire = wire(PARENT).header("tracestate", state);
    boolean tolerated = state.equals("foo@=1");
    assertEquals(tolerated, wire.out().containsKey("tracestate"));
    assertEquals("4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7", wire.parent());
  }

  @Test
  void state_of32Members_isTheMost() {
    StringBuilder members = new StringBuilder("k0=1");
    for (int i = 1; i < 32; i++) {
      members.append(",k").append(i).append("=1");
    }
    String most = members.toString();
    assertEquals(most, wire(PARENT).header("tracestate", most).out().get("tracestate"));
    assertNull(wire(PARENT).header("tracestate", most + ",k32=1").out().get("tracestate"));
  }

  @Test
  void longState_losesLongMembersFirst_thenTheLast() {
    String filler = text('v', 100);
    String state =
        "a="
            + text('x', 200)
            + ",b="
            + filler
            + ",c="
            + filler
            + ",d="
            + filler
            + ",e="
            + filler
            + ",f="
            + filler;
    String sent = wire(PARENT).header("tracestate", state).out().get("tracestate");
    assertEquals("b=" + filler + ",c=" + filler + ",d=" + filler + ",e=" + filler, sent);
  }

  private static String text(char c, int times) {
    return new String(new char[times]).replace('\0', c);
  }
}
