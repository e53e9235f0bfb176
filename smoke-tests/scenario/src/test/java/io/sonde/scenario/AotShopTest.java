package io.sonde.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sonde.testing.ForkedJvm;
import io.sonde.testing.HttpConnection;
import io.sonde.testing.Jdk;
import io.sonde.testing.Jdks;
import io.sonde.testing.JvmLaunch;
import io.sonde.testing.OtlpSink;
import io.sonde.testing.ReceivedSpan;
import io.sonde.testing.ReceivedSpan.Kind;
import io.sonde.testing.Trace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole Spring Boot application starts from a cache trained with the agent, and is traced. */
class AotShopTest {
  private static final Duration LONG = Duration.ofMinutes(2);

  private static final Pattern PORT = Pattern.compile("Tomcat started on port (\\d+)");
  private static final String FROM_CACHE = "shared objects file";
  private static final int MOST = 120;
  private static final int MOST_READ = 20;

  @TempDir Path folder;

  @Test
  void shop_startsFromItsCache_allButWovenClassesFromIt() throws Exception {
    Jdk jdk =
        Jdks.all().stream()
            .filter(one -> one.version() >= 25)
            .min(Comparator.comparingInt(Jdk::version))
            .orElse(null);
    assumeTrue(jdk != null, "no JDK 25 or newer here");
    extract(jdk);
    String agent = System.getProperty("sonde.agent.jar");

    Path bare = folder.resolve("bare.aot");
    try (ForkedJvm training =
        shop(jdk)
            .jvmArg("-XX:AOTCacheOutput=" + bare)
            .property("spring.context.exit", "onRefresh")
            .start()) {
      assertEquals(0, training.awaitExit(LONG));
    }
    Path trained = folder.resolve("shop.aot");
    List<String> warm = new ArrayList<>(List.of("warm", "-o", trained.toString(), "--"));
    warm.addAll(shop(jdk).property("spring.context.exit", "onRefresh").command());
    String said = ChainTest.Commands.run(jdk, warm.toArray(String[]::new));
    assertTrue(said.contains(trained + " is ready"), said);

    Map<String, Boolean> without = new TreeMap<>();
    Map<String, Boolean> with = new TreeMap<>();
    try (ForkedJvm jvm = started(shop(jdk).jvmArg("-XX:AOTCache=" + bare))) {
      classes(jvm, without);
    }
    try (OtlpSink sink = OtlpSink.http();
        ForkedJvm jvm =
            started(
                shop(jdk)
                    .jvmArg("-Xbootclasspath/a:" + agent, "-javaagent:" + agent)
                    .jvmArg("-XX:AOTCache=" + trained, "-Xlog:class+init")
                    .exportTo(sink))) {
      classes(jvm, with);
      check(
          sink.awaitTrace(
              "of the request",
              one -> one.spans().stream().anyMatch(span -> span.kind() == Kind.SERVER),
              LONG));
      ours(jvm);
      notWovenAgain(jvm);
    }
    // What the agent takes out of the cache: what it weaves, and what has that as its super class.
    List<String> out =
        without.keySet().stream()
            .filter(name -> without.get(name) && !with.getOrDefault(name, true))
            .toList();
    assertTrue(out.contains("org.apache.catalina.connector.CoyoteAdapter"), out::toString);
    assertTrue(out.size() < MOST, () -> out.size() + " out of the cache: " + out);
    assertTrue(with.getOrDefault("io.sonde.core.ServerSpan", false));
  }

  /** What the training wove is kept; it ended before Tomcat took connections and requests. */
  private static void notWovenAgain(ForkedJvm jvm) {
    List<String> lines = jvm.stdout();
    int pool = first(lines, "HikariPool-1 - Start completed");
    assertTrue(first(lines, "Initializing 'io/sonde/weaver/KeptClasses'") < pool);
    assertTrue(first(lines, "Initializing 'io/sonde/weaver/ClassWeaver'") > pool, "woven again");
    assertTrue(first(lines, "Initializing 'io/sonde/shaded/asm/ClassReader'") > pool, "parsed");
  }

  /** Where the text is first, behind the end if nowhere. */
  private static int first(List<String> lines, String text) {
    int at = 0;
    while (at < lines.size() && !lines.get(at).contains(text)) {
      at++;
    }
    return at;
  }

  /** What the agent brings comes from the cache, the exporter that no training needed included. */
  private static void ours(ForkedJvm jvm) {
    List<String> defined = new ArrayList<>();
    List<String> read = new ArrayList<>();
    for (String line : jvm.stdout()) {
      String name = name(line);
      if (name.startsWith("io.sonde.") && !name.startsWith("io.sonde.samples.")) {
        if (name.startsWith("io.sonde.instrumentation.")) {
          defined.add(name);
        } else if (!line.contains(FROM_CACHE)) {
          read.add(name);
        }
      }
    }
    assertTrue(defined.size() > 30, defined::toString);
    assertEquals(List.copyOf(new LinkedHashSet<>(defined)), defined, "each is defined once");
    // What the first request loads, which the training did not make.
    assertTrue(read.size() < MOST_READ, () -> read.size() + " from the jar: " + read);
  }

  /** The class that a line of the log tells of, or an empty text. */
  private static String name(String line) {
    int source = line.indexOf(" source: ");
    return source < 0 ? "" : line.substring(line.lastIndexOf(' ', source - 1) + 1, source);
  }

  /** An application that has answered one request. */
  private static ForkedJvm started(JvmLaunch launch) throws IOException {
    ForkedJvm jvm = launch.jvmArg("-Xlog:class+load").start();
    int port = Integer.parseInt(jvm.awaitLine(PORT, LONG).group(1));
    try (HttpConnection http = new HttpConnection(port)) {
      assertEquals(200, http.get("/products/1"));
    }
    return jvm;
  }

  private static void check(Trace trace) {
    ReceivedSpan server = trace.root();
    assertEquals("GET /products/{id}", server.name());
    assertEquals("shop", server.service());
    ReceivedSpan query = trace.onlyChildOf(server);
    assertEquals(Kind.CLIENT, query.kind());
    assertEquals("h2database", query.attribute("db.system.name"));
  }

  private JvmLaunch shop(Jdk jdk) {
    return ForkedJvm.on(jdk).jar(folder.resolve("shop").resolve("shop.jar")).arg("--server.port=0");
  }

  private static void classes(ForkedJvm jvm, Map<String, Boolean> cached) {
    for (String line : jvm.stdout()) {
      String name = name(line);
      if (!name.isEmpty()) {
        cached.put(name, line.contains(FROM_CACHE));
      }
    }
  }

  private void extract(Jdk jdk) throws IOException {
    Path root = Path.of(System.getProperty("basedir")).resolve("../..").normalize();
    Path shop = root.resolve("sample-apps/shop/target/shop.jar");
    assertTrue(Files.isRegularFile(shop), "build it first: mvn -pl sample-apps/shop package");
    try (ForkedJvm extract =
        ForkedJvm.on(jdk)
            .property("jarmode", "tools")
            .jar(shop)
            .arg("extract", "--destination", folder.resolve("shop").toString())
            .start()) {
      assertEquals(0, extract.awaitExit(LONG));
    }
  }
}
