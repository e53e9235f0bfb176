package io.sonde.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.junit.jupiter.api.Test;

/** W3C baggage; the first value is the specification's own example. */
class BaggageTest {
  private static String through(String... values) {
    Wire wire = Wire.of("tracecontext", "baggage");
    for (String value : values) {
      wire.header("baggage", value);
    }
    return wire.out().get("baggage");
  }

  @Test
  void baggage_goesOnAsItCame_withAndWithoutParent() {
    String baggage =
        "key1=value1;property1;property2, key2 = value2, key3=value3; propertyKey=propertyValue";
    assertEquals(baggage, through(baggage));
    assertEquals(
        "userId=alice",
        Wire.of("tracecontext", "baggage")
            .header("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00")
            .header("baggage", "userId=alice")
            .out()
            .get("baggage"));
  }

  @Test
  void severalHeaders_areOneList() {
    assertEquals("a=1,b=2", through("a=1", "b=2"));
  }

  @Test
  void overTheLimits_wholeMembersStay() {
    StringBuilder many = new StringBuilder("k0=v");
    for (int i = 1; i < 64; i++) {
      many.append(",k").append(i).append("=v");
    }
    assertEquals(many.toString(), through(many + ",k64=v"));

    String half = new String(new char[4000]).replace('\0', 'x');
    assertEquals("a=" + half + ",b=" + half, through("a=" + half + ",b=" + half + ",c=" + half));
    assertNull(through("a=" + half + half + half));
  }

  @Test
  void whatNoHeaderMayHold_isDropped() {
    assertNull(through("a=1\r\nX-Evil: 1"));
    assertNull(through("a=\u00e4"));
    assertNull(through(""));
  }
}
