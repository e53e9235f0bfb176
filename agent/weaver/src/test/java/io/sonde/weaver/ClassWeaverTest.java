package io.sonde.weaver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sonde.core.Attachable;
import io.sonde.core.Attached;
import io.sonde.core.Fence;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * What becomes of a class as a whole: several rules, calls replaced, state added, versions kept.
 */
class ClassWeaverTest {
  private static final String ADVICE =
      """
      import io.sonde.core.Weave;
      import io.sonde.weaver.Log;
      import net.bytebuddy.asm.Advice;
      """;

  private static final String TARGET =
      """
      import io.sonde.weaver.Log;
      public class Target implements java.util.concurrent.Callable<String> {
        public String call() { return m("a"); }
        String m(String s) { Log.add("body", s); return s + "m"; }
      }
      """;

  private static byte[] weave(Sources sources) {
    List<Rule> missed = new ArrayList<>();
    byte[] woven =
        ClassWeaver.weave(sources.classes.get("Target"), sources.rules, true, false, missed);
    assertNotNull(woven);
    return woven;
  }

  @Test
  void severalRules_standAroundEachOther() throws Exception {
    String one =
        """
        /** Notes calls. */
        @Weave(type = "Target", method = "m(java.lang.String)")
        public class Told# {
          @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
          public static int enter() { Log.add("enter #"); return #; }
          @Advice.OnMethodExit(inline = false, onThrowable = Throwable.class, suppress = Throwable.class)
          public static void exit(@Advice.Enter int e, @Advice.Return String r, @Advice.Argument(0) String s) { Log.add("exit", e, r, s); }
        }
        """;
    Sources sources =
        Sources.of(8, ADVICE + one.replace("#", "1"), ADVICE + one.replace("#", "2"), TARGET);
    assertEquals(
        List.of(
            "enter 2",
            "enter 1",
            "body a",
            "exit Integer:1 am a",
            "exit Integer:2 am a",
            "result am"),
        Woven.ours(sources.classes, sources.rules));
  }

  @Test
  void failures_areTold_withTheRulesNumber() throws Exception {
    Sources sources =
        Sources.of(
            8,
            ADVICE
                + """
                /** Notes calls. */
                @Weave(type = "Target", method = "call()")
                public class Aside {
                  @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
                  public static void enter() {}
                }
                """,
            ADVICE
                + """
                /** Notes calls. */
                @Weave(type = "Target", method = "m(java.lang.String)")
                public class Failing {
                  @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
                  public static void enter() { throw new IllegalStateException("enter"); }
                  @Advice.OnMethodExit(inline = false, suppress = Throwable.class)
                  public static void exit() { throw new Error("exit"); }
                }
                """,
            TARGET);
    int failing = sources.rules.get(0).advice.equals("Failing") ? 0 : 1;
    List<String> told = new ArrayList<>();
    Fence.listener((rule, thrown) -> told.add(rule + " " + thrown.getMessage()));
    try {
      assertEquals(List.of("body a", "result am"), Woven.ours(sources.classes, sources.rules));
    } finally {
      Fence.listener((rule, thrown) -> {});
    }
    assertEquals(List.of(failing + " enter", failing + " exit"), told);
  }

  @Test
  void call_isReplaced_onlyInTheMethodAndOnlyThatCall() throws Exception {
    String advice =
        ADVICE
            + """
            /** Replaces a call. */
            @Weave(type = "Target", method = "m(java.lang.Runnable)", call = "java.lang.Runnable.run()")
            public class Instead {
              public static void call(Runnable task) { Log.add("before"); task.run(); Log.add("after"); }
            }
            """;
    String target =
        """
        import io.sonde.weaver.Log;
        public class Target implements java.util.concurrent.Callable<String> {
          public String call() { n(this::hello); return m(this::hello); }
          void hello() { Log.add("hello"); }
          String m(Runnable r) { for (int i = 0; i < 2; i++) { try { r.run(); } finally { Log.add("finally"); } } return "m"; }
          void n(Runnable r) { r.run(); }
        }
        """;
    Sources sources = Sources.of(8, advice, target);
    assertEquals(
        List.of(
            "hello",
            "before",
            "hello",
            "after",
            "finally",
            "before",
            "hello",
            "after",
            "finally",
            "result m"),
        Woven.ours(sources.classes, sources.rules));
  }

  @Test
  void call_andAdvice_onOneMethod() throws Exception {
    Sources sources =
        Sources.of(
            17,
            ADVICE
                + """
                /** Replaces a call. */
                @Weave(type = "Target", method = "m(java.lang.String)", call = "java.lang.String.concat(java.lang.String)")
                public class Instead {
                  public static String call(String a, String b) { return a + "+" + b; }
                }
                """,
            ADVICE
                + """
                /** Notes calls. */
                @Weave(type = "Target", method = "m(java.lang.String)")
                public class Told {
                  @Advice.OnMethodExit(inline = false, suppress = Throwable.class)
                  public static void exit(@Advice.Return String r) { Log.add("exit", r); }
                }
                """,
            TARGET.replace("s + \"m\"", "s.concat(\"m\")"));
    assertEquals(
        List.of("body a", "exit a+m", "result a+m"), Woven.ours(sources.classes, sources.rules));
  }

  private static Sources withState() {
    return Sources.of(
        8,
        ADVICE
            + """
            /** Keeps something. */
            @Weave(type = "Target", method = "m(java.lang.String)", state = true)
            public class Keeps {
              @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
              public static void enter() {}
            }
            """,
        TARGET);
  }

  @Test
  void state_becomesAField_whileTheClassIsLoaded() throws Exception {
    Sources sources = withState();
    Class<?> type = Woven.load(sources.classes, weave(sources));
    Object object = type.getDeclaredConstructor().newInstance();
    Attached<String> holder = new Attached<>();
    holder.set(object, "kept");
    assertEquals("kept", ((Attachable) object).sonde$attached());
    assertEquals("kept", holder.get(object));
    assertEquals("kept", holder.remove(object));
    assertNull(holder.get(object));
    assertTrue(Modifier.isTransient(type.getDeclaredField("sonde$attached").getModifiers()));
  }

  @Test
  void state_ofASuperClassToo_isOne() throws Exception {
    Sources sources =
        Sources.of(
            8,
            ADVICE
                + """
                /** Keeps something. */
                @Weave(type = {"Target", "Base"}, method = "m(java.lang.String)", state = true)
                public class Keeps {
                  @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
                  public static void enter() {}
                }
                """,
            TARGET.replace("implements", "extends Base implements"),
            "public class Base { String m(String s) { return s; } }");
    sources.classes.put(
        "Base",
        ClassWeaver.weave(
            sources.classes.get("Base"), sources.rules, true, false, new ArrayList<>()));
    Class<?> type = Woven.load(sources.classes, weave(sources));
    Object object = type.getDeclaredConstructor().newInstance();
    Attached<String> holder = new Attached<>();
    holder.set(object, "kept");
    assertEquals("kept", holder.get(object));
    assertTrue(Attachable.class.isAssignableFrom(type.getSuperclass()));
  }

  @Test
  void state_noField_whereTheClassIsLoadedAlready() throws Exception {
    Sources sources = withState();
    byte[] woven =
        ClassWeaver.weave(
            sources.classes.get("Target"), sources.rules, false, true, new ArrayList<>());
    assertNotNull(woven);
    Object object = Woven.load(sources.classes, woven).getDeclaredConstructor().newInstance();
    assertFalse(object instanceof Attachable);
    Attached<String> holder = new Attached<>();
    holder.set(object, "kept");
    assertEquals("kept", holder.remove(object));
  }

  @Test
  void noMethodFound_classStaysAndRuleIsReported() {
    Sources sources = withState();
    sources.rules.set(0, new Rule(0, "Keeps\tTarget\tother()\tS\tenter()V||\t-\t-"));
    List<Rule> missed = new ArrayList<>();
    assertNull(
        ClassWeaver.weave(sources.classes.get("Target"), sources.rules, true, false, missed));
    assertEquals(sources.rules, missed);
  }

  @Test
  void sameNameOtherParameters_isNotTouched() throws Exception {
    Sources sources =
        Sources.of(
            8,
            ADVICE
                + """
                /** Notes calls. */
                @Weave(type = "Target", method = "m(java.lang.String)")
                public class Told {
                  @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
                  public static void enter(@Advice.Argument(0) String s) { Log.add("enter", s); }
                }
                """,
            """
            public class Target implements java.util.concurrent.Callable<String> {
              public String call() { return m("a") + m("b", 1) + m((Object) "c") + mm("d"); }
              String m(String s) { return s; }
              String m(String s, int n) { return s; }
              String m(Object s) { return "" + s; }
              String mm(String s) { return s; }
            }
            """);
    assertEquals(List.of("enter a", "result abcd"), Woven.ours(sources.classes, sources.rules));
  }

  @Test
  void bridge_toTheWovenMethod_countsOnce() throws Exception {
    Sources sources =
        Sources.of(
            8,
            ADVICE
                + """
                /** Notes calls. */
                @Weave(type = "Target", method = {"get()", "call()"})
                public class Told {
                  @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
                  public static void enter() { Log.add("enter"); }
                }
                """,
            """
            public class Target implements java.util.concurrent.Callable<String>, java.util.function.Supplier<String> {
              public String call() { java.util.function.Supplier<?> s = this; return "" + s.get(); }
              public String get() { return "got"; }
            }
            """);
    assertEquals(
        List.of("enter", "enter", "result got"), Woven.ours(sources.classes, sources.rules));
  }

  @Test
  void bridge_toAHiddenSuperClass_isWoven() throws Exception {
    Sources sources =
        Sources.of(
            8,
            ADVICE
                + """
                /** Notes calls. */
                @Weave(type = "Target", method = "call()")
                public class Told {
                  @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
                  public static void enter() { Log.add("enter"); }
                }
                """,
            """
            public class Target extends Hidden implements java.util.concurrent.Callable<String> {}
            class Hidden { public String call() { return "hidden"; } }
            """);
    List<String> log = Woven.ours(sources.classes, sources.rules);
    assertTrue(log.contains("enter"), log::toString);
    assertEquals("result hidden", log.get(log.size() - 1));
  }

  @Test
  void versionNewerThanKnown_isKept() throws Exception {
    Sources sources = withState();
    byte[] future = sources.classes.get("Target").clone();
    future[6] = 0;
    future[7] = 99;
    byte[] woven = ClassWeaver.weave(future, sources.rules, true, false, new ArrayList<>());
    assertNotNull(woven);
    assertEquals(99, woven[7]);
    woven[7] = 52;
    assertNotNull(Woven.load(sources.classes, woven).getDeclaredConstructor().newInstance());
  }

  @Test
  void argumentThatDoesNotFit_isRefused() {
    Rule rule = new Rule(0, "Told\tTarget\tm(Ljava/lang/String;)\t-\tenter(I)V|0|\t-\t-");
    Sources sources = withState();
    assertThrows(
        WeaveException.class,
        () ->
            ClassWeaver.weave(
                sources.classes.get("Target"), List.of(rule), true, false, new ArrayList<>()));
  }
}
