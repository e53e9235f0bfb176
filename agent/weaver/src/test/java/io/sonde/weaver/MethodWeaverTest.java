package io.sonde.weaver;

import static io.sonde.weaver.Comparison.ENTER;
import static io.sonde.weaver.Comparison.EXIT;
import static io.sonde.weaver.Comparison.EXIT_ALWAYS;
import static io.sonde.weaver.Comparison.advice;
import static io.sonde.weaver.Comparison.same;
import static io.sonde.weaver.Comparison.target;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Advice is called before and after methods of every type and flow, as Byte Buddy's would be. */
class MethodWeaverTest {
  private static final String TYPES =
      """
      static boolean z(boolean a) { Log.add("body"); if (a) throw new IllegalStateException("z"); return true; }
      byte b(byte a) { Log.add("body"); if (a > 1) throw new IllegalStateException("b"); return a; }
      static char c(char a) { Log.add("body"); if (a > 'x') throw new IllegalStateException("c"); return a; }
      short s(short a) { Log.add("body"); if (a > 1) throw new IllegalStateException("s"); return a; }
      static int i(int a) { Log.add("body"); if (a > 1) throw new IllegalStateException("i"); return a; }
      long j(long a) { Log.add("body"); if (a > 1) throw new IllegalStateException("j"); return a; }
      static float f(float a) { Log.add("body"); if (a > 1) throw new IllegalStateException("f"); return a; }
      double d(double a) { Log.add("body"); if (a > 1) throw new IllegalStateException("d"); return a; }
      static Object o(Object a) { Log.add("body"); if (a == null) throw new IllegalStateException("o"); return a; }
      String[][] a(String[][] a) { Log.add("body"); if (a == null) throw new IllegalStateException("a"); return a; }
      static void v(String a) { Log.add("body"); if (a == null) throw new IllegalStateException("v"); }
      static String run(String a) { v(a); return ""; }
      """;

  private static final String[] TYPE_CALLS = {
    "z(false)",
    "z(true)",
    "b((byte) 1)",
    "b((byte) 2)",
    "c('a')",
    "c('z')",
    "s((short) 1)",
    "s((short) 2)",
    "i(1)",
    "i(2)",
    "j(1L)",
    "j(2L)",
    "f(1f)",
    "f(2f)",
    "d(1d)",
    "d(2d)",
    "o(\"x\")",
    "o(null)",
    "a(new String[][] {{\"y\"}})",
    "a(null)",
    "run(\"v\")",
    "run(null)"
  };

  @ParameterizedTest
  @ValueSource(ints = {8, 17})
  void everyReturnType_enterAndExit(int release) throws Exception {
    String methods =
        "\"z(boolean)\", \"b(byte)\", \"c(char)\", \"s(short)\", \"i(int)\", \"j(long)\","
            + " \"f(float)\", \"d(double)\", \"o(java.lang.Object)\","
            + " \"a(java.lang.String[][])\", \"v(java.lang.String)\"";
    List<String> log =
        same(
            release,
            advice(
                methods,
                ENTER + "int enter() { Log.add(\"enter\"); return 7; }",
                EXIT_ALWAYS
                    + "void exit(@Advice.Enter int e, @Advice.Thrown Throwable t)"
                    + " { Log.add(\"exit\", e, t); }"),
            target(TYPES, TYPE_CALLS));
    assertEquals(22, log.stream().filter("enter"::equals).count());
    assertTrue(log.contains("exit Integer:7 IllegalStateException(v)"), log::toString);
  }

  @ParameterizedTest
  @ValueSource(strings = {"boolean", "byte", "char", "short", "int", "long", "float", "double"})
  void returnedAndArgument_primitive(String type) throws Exception {
    String members =
        "# m(# a, # b) { a++; Log.add(\"body\", a, b); if (b == 2) throw new Error(\"m\"); return b; }"
            .replace("#", type);
    if (type.equals("boolean")) {
      members =
          "boolean m(boolean a, boolean b) { a = !a; if (b) throw new Error(\"m\"); return a; }";
    }
    String cast = type.equals("boolean") ? "" : "(" + type + ") ";
    String[] values =
        type.equals("boolean") ? new String[] {"true", "false"} : new String[] {"1", "2"};
    same(
        8,
        advice(
            "\"m(#,#)\"".replace("#", type),
            ENTER
                + "# enter(@Advice.Argument(1) # b, @Advice.This Object o)".replace("#", type)
                + " { Log.add(\"enter\", b, o != null); return b; }",
            EXIT_ALWAYS
                + ("void exit(@Advice.Return # r, @Advice.Argument(0) # a, @Advice.Enter # e,"
                        + " @Advice.Thrown Throwable t) { Log.add(\"exit\", r, a, e, t); }")
                    .replace("#", type)),
        target(
            members,
            "m(" + cast + values[0] + ", " + cast + values[0] + ")",
            "m(" + cast + values[0] + ", " + cast + values[1] + ")"));
  }

  private static final String FLOW =
      """
      static int loop(int n) { do { n--; } while (n > 0); return n; }
      static int endless(int n) { while (true) { if (n-- < 0) return n; } }
      int tries(int n) {
        int k = 0;
        for (int i = 0; i < 3; i++) {
          try {
            if (i == n) throw new IllegalArgumentException("tried " + i);
            k += 10;
          } catch (IllegalArgumentException e) {
            k++;
            if (n == 2) return k;
          } finally {
            k += 100;
          }
        }
        if (n > 5) throw new IllegalStateException("tries");
        return k;
      }
      static long switches(String s, long add) {
        switch (s) {
          case "a": return add;
          case "b": add++;
          case "c": add++; break;
          default: throw new UnsupportedOperationException(s);
        }
        switch ((int) add) { case 1: return 10; case 2: return 20; case 1000: return 30; }
        return add;
      }
      synchronized int locked(int n) { if (n < 0) throw new Error("locked"); return n; }
      int block(Object lock, int n) {
        synchronized (lock) { if (n < 0) throw new Error("block"); return n; }
      }
      static String resource(int n) throws Exception {
        try (AutoCloseable c = () -> Log.add("closed")) { if (n > 0) throw new Exception("r"); return "r"; }
      }
      static String made(int n, String s) { return new StringBuilder(n > 0 ? s : "none").append(n == 1 ? 2L : 3L).toString(); }
      static int nested(int n) {
        try { try { if (n == 1) throw new RuntimeException("inner"); return 1; }
          finally { n += 10; if (n == 12) return n; } }
        catch (RuntimeException e) { return -n; }
      }
      static double locals(double d, long l) {
        long a = l; double b = d; int c = 3; Object o = b;
        for (long i = 0; i < a; i++) { double x = b * i; long y = (long) x; c += y; o = y; }
        return b + c + (o instanceof Long ? 1 : 0);
      }
      """;

  @ParameterizedTest
  @ValueSource(ints = {8, 17})
  void everyFlow_enterAndExit(int release) throws Exception {
    same(
        release,
        advice(
            "\"loop(int)\", \"endless(int)\", \"tries(int)\", \"switches(java.lang.String,long)\","
                + "\"locked(int)\", \"block(java.lang.Object,int)\", \"resource(int)\","
                + " \"made(int,java.lang.String)\", \"nested(int)\", \"locals(double,long)\"",
            ENTER + "Object enter() { Log.add(\"enter\"); return \"e\"; }",
            EXIT_ALWAYS
                + "void exit(@Advice.Enter Object e, @Advice.Thrown Throwable t)"
                + " { Log.add(\"exit\", e, t); }"),
        target(
            FLOW,
            "loop(3)",
            "endless(2)",
            "tries(0)",
            "tries(2)",
            "tries(7)",
            "switches(\"a\", 5)",
            "switches(\"b\", 0)",
            "switches(\"c\", 0)",
            "switches(\"x\", 0)",
            "locked(1)",
            "locked(-1)",
            "block(this, 1)",
            "block(this, -1)",
            "block(null, 1)",
            "resource(0)",
            "resource(1)",
            "made(0, \"s\")",
            "made(1, \"s\")",
            "nested(0)",
            "nested(1)",
            "nested(2)",
            "locals(1.5, 4)"));
  }

  @Test
  void exit_argumentsAsTheyCame_thoughTheBodyChangedThem() throws Exception {
    List<String> log =
        same(
            8,
            advice(
                "\"m(long,java.lang.String,double)\"",
                EXIT_ALWAYS
                    + "void exit(@Advice.Argument(2) double d, @Advice.Argument(0) long l,"
                    + " @Advice.Argument(1) String s, @Advice.This Object o, @Advice.Return String"
                    + " r) { Log.add(\"exit\", l, s, d, o.getClass().getName(), r); }"),
            target(
                "String m(long l, String s, double d) { l = 2; s = \"changed\"; d = 3; if (l == 3)"
                    + " return null; return s + l + d; }",
                "m(1, \"came\", 2.5)"));
    assertEquals("exit Long:1 came Double:2.5 Target changed23.0", log.get(0));
  }

  @Test
  void exit_withoutOnThrowable_notCalledForThrown() throws Exception {
    List<String> log =
        same(
            8,
            advice(
                "\"m(int)\"", EXIT + "void exit(@Advice.Return int r) { Log.add(\"exit\", r); }"),
            target(
                "int m(int n) { if (n > 1) throw new Error(\"m\"); return n; }", "m(1)", "m(2)"));
    assertEquals(1, log.stream().filter(line -> line.startsWith("exit")).count());
  }

  @Test
  void exit_ofMethodThatOnlyThrows() throws Exception {
    same(
        8,
        advice(
            "\"m()\", \"n()\"",
            ENTER + "void enter() { Log.add(\"enter\"); }",
            EXIT_ALWAYS + "void exit(@Advice.Thrown Throwable t) { Log.add(\"exit\", t); }"),
        target(
            "String m() { throw new Error(\"m\"); } void n() { while (true) { r(); } }"
                + " void r() { throw new Error(\"r\"); } String n2() { n(); return null; }",
            "m()",
            "n2()"));
  }

  @ParameterizedTest
  @ValueSource(ints = {8, 17})
  void constructors_leftNormally(int release) throws Exception {
    String members =
        """
        private String made = "";
        public Target() { this(1, "x"); made += "()"; }
        Target(int n, String s) { super(); made += n > 1 ? s : "one"; if (n > 5) throw new Error("big"); for (int i = 0; i < n; i++) { made += i; } }
        Target(long l) { this(l > 3 ? 2 : 3, l > 3 ? "long" : "short"); }
        public String toString() { return made; }
        """;
    List<String> log =
        same(
            release,
            advice(
                "\"<init>()\", \"<init>(int,java.lang.String)\", \"<init>(long)\"",
                EXIT + "void exit(@Advice.This Object o) { Log.add(\"exit\", o.toString()); }"),
            target(
                members,
                "new Target().made",
                "new Target(2, \"s\").made",
                "new Target(9, \"s\")",
                "new Target(4L).made",
                "new Target(2L).made"));
    assertTrue(log.contains("exit one0()"), log::toString);
  }

  @Test
  void interfaceDefaultAndStaticMethods() throws Exception {
    String target =
        """
        import io.sonde.weaver.Log;
        public class Target implements java.util.concurrent.Callable<String>, Face {
          public String call() { return m("a") + Face.n("b"); }
        }
        interface Face {
          default String m(String s) { return s + "m"; }
          static String n(String s) { return s + "n"; }
        }
        """;
    Sources sources =
        Sources.of(
            8,
            advice(
                "\"call()\"",
                ENTER + "void enter() { Log.add(\"enter\"); }",
                EXIT_ALWAYS + "void exit(@Advice.Return String r) { Log.add(\"exit\", r); }"),
            target);
    assertEquals(
        Woven.oracles(sources.classes, sources.rules), Woven.ours(sources.classes, sources.rules));
    Rule face =
        new Rule(0, "Told\tFace\tm(Ljava/lang/String;) n(Ljava/lang/String;)\t-\tenter()V||\t-\t-");
    byte[] woven =
        ClassWeaver.weave(
            sources.classes.get("Face"), List.of(face), true, false, new java.util.ArrayList<>());
    sources.classes.put("Face", woven);
    assertEquals(List.of("enter", "enter", "result ambn"), Woven.unwoven(sources.classes));
  }

  @Test
  void methodOfAlmost32K_jumpsGrowWithIt() throws Exception {
    StringBuilder body = new StringBuilder("static long m(int n) { long x = 1; do { ");
    for (int i = 0; i < 2900; i++) {
      body.append("x = x * 31 + ").append(i % 100 + 1000).append("; ");
    }
    body.append("} while (--n > 0); return x; }");
    same(
        8,
        advice(
            "\"m(int)\"",
            ENTER + "int enter() { Log.add(\"enter\"); return 1; }",
            EXIT_ALWAYS + "void exit(@Advice.Return long r) { Log.add(\"exit\", r); }"),
        target(body.toString(), "m(2)"));
  }
}
