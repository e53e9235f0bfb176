package io.sonde.weaver;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.InputStream;
import java.util.Arrays;
import java.util.Collections;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

/** What is left out of an AOT cache beside the woven classes. */
final class NestsTest {
  private static final String HOST = NestsTest.class.getName().replace('.', '/');

  private final Nests nests = nests(HOST);

  @Test
  void nestedClassOfTarget_withLambda_isLeftOutUnchanged() throws Exception {
    byte[] bytes = bytes(WithLambda.class);
    byte[] copy = nests.leftOut(HOST + "$WithLambda", bytes);
    assertArrayEquals(bytes, copy);
    assertNotSame(bytes, copy);
  }

  @Test
  void nestedClassOfTarget_withoutLambda_stays() throws Exception {
    assertNull(nests.leftOut(HOST + "$Without", bytes(Without.class)));
  }

  @Test
  void otherClasses_stay() throws Exception {
    byte[] bytes = bytes(WithLambda.class);
    assertNull(nests.leftOut("app/Main", bytes));
    assertNull(nests.leftOut("app/Main$Nested", bytes));
    assertNull(nests.leftOut("$", bytes));
  }

  @Test
  void targetFoundLate_bringsWhatItsNestHasLoaded() {
    assertEquals(
        Arrays.asList(NestsTest.class, Without.class),
        nests.withNested(
            Collections.singletonList(NestsTest.class),
            new Class<?>[] {Without.class, NestsTest.class, String.class, Callable.class}));
  }

  private static Nests nests(String target) {
    String rule = "x/Advice\t" + target + "\trun()\t-\t-\t-\t-";
    return new Nests(new Index(Collections.singletonList(rule), library -> true));
  }

  private static byte[] bytes(Class<?> type) throws Exception {
    try (InputStream in =
        type.getResourceAsStream(
            type.getName().substring(type.getName().lastIndexOf('.') + 1) + ".class")) {
      return AgentJar.Bytes.readAll(in, in.available());
    }
  }

  static final class WithLambda {
    static Callable<String> lambda(String text) {
      return () -> text;
    }
  }

  static final class Without {
    static String text() {
      return "text";
    }
  }
}
