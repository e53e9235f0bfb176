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

/** What advice changes in a call, and what it does not where it fails, as with Byte Buddy's. */
class AdviceEffectsTest {
  private static final String DYNAMIC =
      "net.bytebuddy.implementation.bytecode.assign.Assigner.Typing.DYNAMIC";

  @Test
  void enter_replacesArgument_unlessItIsNull() throws Exception {
    List<String> log =
        same(
            8,
            advice(
                "\"m(int,java.lang.String)\"",
                ENTER.replace(
                        "public",
                        "@Advice.AssignReturned.ToArguments(@Advice.AssignReturned"
                            + ".ToArguments.ToArgument(1)) public")
                    + "String enter(@Advice.Argument(1) String s)"
                    + " { return s.equals(\"keep\") ? null : s + \"!\"; }",
                EXIT_ALWAYS
                    + "void exit(@Advice.Enter String e, @Advice.Argument(1) String s)"
                    + " { Log.add(\"exit\", e, s); }"),
            target("String m(int n, String s) { return n + s; }", "m(1, \"a\")", "m(2, \"keep\")"));
    assertTrue(log.contains("= 1a!"), log::toString);
    assertTrue(log.contains("= 2keep"), log::toString);
  }

  @Test
  void exit_replacesReturned_unlessItIsNull() throws Exception {
    List<String> log =
        same(
            8,
            advice(
                "\"m(java.lang.String)\", \"a(java.lang.String)\"",
                EXIT_ALWAYS.replace(
                        "public",
                        "@Advice.AssignReturned.ToReturned(typing = " + DYNAMIC + ") public")
                    + "Object exit(@Advice.Return(typing ="
                    + " net.bytebuddy.implementation.bytecode.assign.Assigner.Typing.DYNAMIC)"
                    + " Object r, @Advice.Thrown Throwable t) { Log.add(\"exit\", r, t); return"
                    + " \"replace\".equals(r) ? \"by\" : null; }"),
            target(
                "String m(String s) { if (s == null) throw new Error(\"m\"); return s; }"
                    + " Object a(String s) { return s; }",
                "m(\"replace\")",
                "m(\"keep\")",
                "m(null)",
                "a(\"replace\")",
                "a(\"keep\")"));
    assertTrue(log.contains("= by"), log::toString);
    assertTrue(log.contains("= keep"), log::toString);
  }

  @ParameterizedTest
  @ValueSource(ints = {8, 17})
  void enter_skipsTheBody_whenItReturnsSomething(int release) throws Exception {
    List<String> log =
        same(
            release,
            advice(
                "\"i(int)\", \"j(int)\", \"o(int)\", \"v(int)\", \"d(int)\"",
                ENTER.replace("suppress", "skipOn = Advice.OnNonDefaultValue.class, suppress")
                    + "Object enter(@Advice.Argument(0) int n)"
                    + " { Log.add(\"enter\", n); return n > 1 ? \"skip\" : null; }",
                EXIT_ALWAYS
                    + "void exit(@Advice.Enter Object e, @Advice.Thrown Throwable t)"
                    + " { Log.add(\"exit\", e, t); }"),
            target(
                "int i(int n) { Log.add(\"body\"); return 5; } static long j(int n) {"
                    + " Log.add(\"body\"); return 5; } Object o(int n) { Log.add(\"body\"); do {"
                    + " n--; } while (n > 0); return \"o\"; } static void v(int n) {"
                    + " Log.add(\"body\"); if (n < 0) throw new Error(\"v\"); } double d(int n) {"
                    + " Log.add(\"body\"); return 5; } static String run(int n) { v(n); return"
                    + " \"ran\"; }",
                "i(1)",
                "i(2)",
                "j(1)",
                "j(2)",
                "o(1)",
                "o(2)",
                "run(1)",
                "run(2)",
                "run(-1)",
                "d(1)",
                "d(2)"));
    assertEquals(6, log.stream().filter("body"::equals).count());
  }

  @Test
  void enter_skipsTheBody_withoutExit() throws Exception {
    same(
        8,
        advice(
            "\"m(int)\"",
            ENTER.replace("suppress", "skipOn = Advice.OnNonDefaultValue.class, suppress")
                + "Object enter(@Advice.Argument(0) int n) { return n > 1 ? \"skip\" : null; }"),
        target("String m(int n) { return \"body\"; }", "m(1)", "m(2)"));
  }

  @Test
  void adviceThrows_applicationDoesNotNotice() throws Exception {
    List<String> log =
        same(
            8,
            advice(
                "\"m(int)\", \"o(java.lang.String)\", \"v()\"",
                ENTER + "String enter() { throw new IllegalStateException(\"enter\"); }",
                EXIT_ALWAYS
                    + "void exit(@Advice.Enter String e)"
                    + " { Log.add(\"exit\", e); throw new Error(\"exit\"); }"),
            target(
                "long m(int n) { if (n > 1) throw new Error(\"m\"); return n; }"
                    + " String o(String s) { return s; } static void v() { Log.add(\"v\"); }"
                    + " String run() { v(); return \"ran\"; }",
                "m(1)",
                "m(2)",
                "o(\"x\")",
                "run()"));
    assertTrue(log.contains("! Error(m)"), log::toString);
    assertTrue(log.contains("= Long:1"), log::toString);
  }

  @Test
  void adviceThrows_replacementsAreNotMade() throws Exception {
    same(
        8,
        advice(
            "\"m(java.lang.String)\"",
            ENTER.replace(
                    "public",
                    "@Advice.AssignReturned.ToArguments(@Advice.AssignReturned"
                        + ".ToArguments.ToArgument(0)) public")
                + "String enter() { throw new IllegalStateException(\"enter\"); }",
            EXIT.replace("public", "@Advice.AssignReturned.ToReturned public")
                + "String exit() { throw new IllegalStateException(\"exit\"); }"),
        target("String m(String s) { return s; }", "m(\"x\")"));
  }
}
