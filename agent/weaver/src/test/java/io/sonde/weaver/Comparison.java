package io.sonde.weaver;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;

/**
 * What our weaver makes of a method does the same as what Byte Buddy's Advice makes of it, with the
 * same advice class.
 */
final class Comparison {
  private static final String HEAD =
      """
      import io.sonde.core.Weave;
      import io.sonde.weaver.Log;
      import net.bytebuddy.asm.Advice;
      """;

  static final String ENTER =
      "@Advice.OnMethodEnter(inline = false, suppress = Throwable.class) public static ";
  static final String EXIT =
      "@Advice.OnMethodExit(inline = false, suppress = Throwable.class) public static ";
  static final String EXIT_ALWAYS =
      "@Advice.OnMethodExit(inline = false, onThrowable = Throwable.class,"
          + " suppress = Throwable.class) public static ";

  private Comparison() {}

  /** An advice class for these methods of the target. */
  static String advice(String methods, String... hooks) {
    return HEAD
        + "/** Notes calls. */ @Weave(type = \"Target\", method = {"
        + methods
        + "}) public class Told {"
        + String.join("\n", hooks)
        + "}";
  }

  /** A target that notes what comes of each of these expressions. */
  static String target(String members, String... calls) {
    StringBuilder text = new StringBuilder();
    text.append("import io.sonde.weaver.Log; import java.util.*;\n");
    text.append("public class Target implements java.util.concurrent.Callable<String> {\n");
    text.append(members).append("\npublic String call() throws Exception {\n");
    for (String call : calls) {
      text.append("try { Log.add(\"=\", ").append(call).append("); }");
      text.append(" catch (Throwable t) { Log.add(\"!\", t); }\n");
    }
    return text.append("return \"done\"; } }").toString();
  }

  static List<String> same(int release, String advice, String target) throws Exception {
    Sources sources = Sources.of(release, advice, target);
    List<String> expected = Woven.oracles(sources.classes, sources.rules);
    List<String> ours = Woven.ours(sources.classes, sources.rules);
    assertEquals(String.join("\n", expected), String.join("\n", ours));
    return ours;
  }
}
