package io.sonde.libraries.jdk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.sonde.apps.Contexts;
import io.sonde.testing.ForkedJvm;
import io.sonde.testing.Jdk;
import io.sonde.testing.Jdks;
import io.sonde.testing.JvmLaunch;
import io.sonde.testing.ReceivedSpan;
import io.sonde.testing.ReceivedSpan.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Work that is handed over belongs to the request that handed it over, and nothing else does. */
class ContextTest {
  static List<Jdk> jdks() {
    return Jdks.all();
  }

  static List<Jdk> attachedTo() {
    return Jdks.all().stream().filter(jdk -> jdk.version() == 8 || jdk.version() == 25).toList();
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void everyWayOfHandingOver(Jdk jdk) {
    JvmLaunch launch = ForkedJvm.on(jdk).classPathOf(Contexts.class).main(Contexts.class);
    if (jdk.version() >= 21) {
      launch.jvmArg("--enable-preview"); // structured concurrency
    }
    check(jdk, Run.of(launch));
  }

  /**
   * What is loaded before the agent comes has no field for a context, and carries it all the same.
   */
  @ParameterizedTest
  @MethodSource("attachedTo")
  void everyWayOfHandingOver_attached(Jdk jdk) {
    JvmLaunch launch = ForkedJvm.on(jdk).classPathOf(Contexts.class).main(Contexts.class);
    if (jdk.version() >= 21) {
      launch.jvmArg("--enable-preview", "-XX:+EnableDynamicAgentLoading");
    }
    check(jdk, Run.attached(launch.arg("await"), jdk));
  }

  private static void check(Jdk jdk, Run run) {
    Map<String, String> requests = new TreeMap<>();
    Map<String, List<String>> parents = new TreeMap<>();
    for (ReceivedSpan span : run.spans) {
      if (span.kind() == Kind.SERVER) {
        String path = String.valueOf(span.attribute("url.path"));
        requests.put(span.spanId(), path.substring("/case/".length()));
      }
    }
    for (ReceivedSpan span : run.spans) {
      if (span.kind() == Kind.CLIENT) {
        String url = String.valueOf(span.attribute("url.full"));
        String parent = span.isRoot() ? "none" : requests.getOrDefault(span.parentSpanId(), "lost");
        add(parents, url.substring(url.lastIndexOf('/') + 1), parent);
      }
    }
    parents.values().forEach(list -> list.sort(null));

    assertEquals(expected(run.printed), parents);
    assertEquals(List.of(), run.printed.stream().filter(line -> line.startsWith("FAILS")).toList());
    assertFalse(parents.isEmpty());
    checkVersions(jdk, run.printed);
  }

  /** By what the application printed when it was there: in, out or each. */
  private static Map<String, List<String>> expected(List<String> printed) {
    Map<String, List<String>> expected = new TreeMap<>();
    for (String line : printed) {
      String[] words = line.split(" ");
      switch (words[0]) {
        case "in" -> add(expected, words[1], words[1].substring(0, words[1].indexOf('.')));
        case "out" -> add(expected, words[1], "none");
        case "each" -> expected.put(words[1], new ArrayList<>(List.of(words[2], words[3])));
        default -> {}
      }
    }
    return expected;
  }

  private static void add(Map<String, List<String>> map, String label, String parent) {
    map.computeIfAbsent(label, key -> new ArrayList<>()).add(parent);
  }

  /** What a JDK does not have is not tested there, and what it has is. */
  private static void checkVersions(Jdk jdk, List<String> printed) {
    assertEquals(jdk.version() < 21, printed.contains("without virtual threads"));
    assertEquals(jdk.version() < 21, printed.contains("without structured concurrency"));
    assertEquals(jdk.version() < 9, printed.contains("without delayedExecutor"));
    assertEquals(jdk.version() < 12, printed.contains("without exceptionallyAsync"));
    assertEquals(jdk.version() >= 25, printed.contains("in forkJoin.schedule"));
    assertEquals(jdk.version() >= 21, printed.contains("in structured.joined"));
    assertEquals(jdk.version() >= 21, printed.contains("in virtual.again"));
  }
}
