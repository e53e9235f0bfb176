package io.sonde.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AttachedTest {
  private final Attached<String> attached = new Attached<>();

  @Test
  void identity_notEquality() {
    String one = new String("key");
    String other = new String("key");
    attached.set(one, "1");
    assertEquals("1", attached.get(one));
    assertNull(attached.get(other));
    attached.set(one, "2");
    assertEquals("2", attached.get(one));
    assertEquals("2", attached.remove(one));
    assertNull(attached.get(one));
    assertNull(attached.remove(one));
    assertTrue(attached.isEmpty());
  }

  @Test
  void objectsWithABadHashCode_doNoHarm() {
    class Bad {
      @Override
      public int hashCode() {
        throw new IllegalStateException();
      }

      @Override
      public boolean equals(Object other) {
        throw new IllegalStateException();
      }
    }
    Bad bad = new Bad();
    attached.set(bad, "1");
    assertEquals("1", attached.get(bad));
  }

  @Test
  void collectedObjects_takeTheirEntriesAlong() throws InterruptedException {
    List<WeakReference<Object>> gone = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      Object key = new Object();
      attached.set(key, "v");
      gone.add(new WeakReference<>(key));
    }
    for (int i = 0; i < 100 && gone.stream().anyMatch(r -> r.get() != null); i++) {
      System.gc();
      Thread.sleep(10);
    }
    Object last = new Object();
    for (int i = 0; i < 100; i++) {
      attached.set(last, "last");
      attached.remove(last);
      if (attached.isEmpty()) {
        return;
      }
      Thread.sleep(10);
    }
    throw new AssertionError("entries of collected objects stayed");
  }

  @Test
  void full_attachesNoMore_andForgetsRatherThanLies() {
    Object[] keys = new Object[Attached.MAX + 10];
    for (int i = 0; i < keys.length; i++) {
      keys[i] = new Object();
      attached.set(keys[i], "v");
    }
    assertEquals("v", attached.get(keys[0]));
    assertEquals("v", attached.get(keys[Attached.MAX - 1]));
    assertNull(attached.get(keys[Attached.MAX]));
    attached.set(keys[0], "newer");
    assertTrue(attached.get(keys[0]) == null || attached.get(keys[0]).equals("newer"));
    attached.remove(keys[1]);
    attached.remove(keys[2]);
    attached.set(keys[Attached.MAX + 1], "v");
    assertEquals("v", attached.get(keys[Attached.MAX + 1]));
  }

  @Test
  void wovenClass_holdsItInItsField() {
    Woven woven = new Woven();
    attached.set(woven, "1");
    assertEquals("1", woven.field);
    assertTrue(attached.isEmpty(), "the map is not used");
    assertEquals("1", attached.get(woven));
    assertEquals("1", attached.remove(woven));
    assertNull(woven.field);
  }

  @SuppressWarnings("MemberName")
  private static final class Woven implements Attachable {
    private Object field;

    @Override
    public Object sonde$attached() {
      return field;
    }

    @Override
    public void sonde$attached(Object value) {
      field = value;
    }
  }
}
