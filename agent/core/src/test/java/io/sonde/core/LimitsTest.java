package io.sonde.core;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LimitsTest {
  private final Recording recording = Recording.all();

  @AfterEach
  void stop() {
    Limits.set(128, Integer.MAX_VALUE, 128);
    recording.close();
  }

  @Test
  void attributes_beyondTheLimit_areCounted() {
    Limits.set(3, Integer.MAX_VALUE, 128);
    ClientSpan span = ClientSpan.start("GET");
    for (String key : new String[] {"a", "b", "c", "d", "e"}) {
      span.set(key, key);
    }
    span.set("a", "again");
    Map<String, Object> attributes = Recording.attributes(span);
    assertEquals("{a=again, b=b, c=c, http.request.method=GET}", attributes.toString());
    assertEquals(2, span.droppedAttributes());
  }

  @Test
  void noAttributes_isALimitToo() {
    Limits.set(0, Integer.MAX_VALUE, 0);
    ClientSpan span = ClientSpan.start("GET");
    span.set("a", "a");
    assertEquals(1, span.droppedAttributes());
    assertEquals("{http.request.method=GET}", Recording.attributes(span).toString());
  }

  @Test
  void droppedAttributes_areCountedAsFarAsTheCountGoes() {
    Limits.set(1, Integer.MAX_VALUE, 128);
    ClientSpan span = ClientSpan.start("GET");
    for (int i = 0; i < 100_000; i++) {
      span.set("k" + i, i);
    }
    assertEquals(Short.MAX_VALUE, span.droppedAttributes());
  }

  @Test
  void longText_isCut_notThroughACharacter() {
    Limits.set(128, 3, 128);
    ClientSpan span = ClientSpan.start("GET");
    span.set("text", "abcdef");
    span.set("short", "abc");
    span.set("pair", "ab\ud83d\ude00");
    span.set("number", 123456);
    String[] list = {"abcd", null, "x"};
    span.set("list", list);
    list[0] = "changed";
    Map<String, Object> attributes = Recording.attributes(span);
    assertEquals("abc", attributes.get("text"));
    assertEquals("abc", attributes.get("short"));
    assertEquals("ab", attributes.get("pair"));
    assertEquals(123456L, attributes.get("number"));
    assertArrayEquals(new String[] {"abc", null, "x"}, (String[]) attributes.get("list"));
  }

  @Test
  void withoutALimit_textIsKeptAsItIs() {
    ClientSpan span = ClientSpan.start("GET");
    String text = "text";
    span.set("text", text);
    assertSame(text, Recording.attributes(span).get("text"));
  }
}
