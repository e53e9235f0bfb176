package io.sonde.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sonde.apps.JdkHttp;
import io.sonde.apps.Load;
import io.sonde.testing.Artifacts;
import io.sonde.testing.ForkedJvm;
import io.sonde.testing.Jdk;
import io.sonde.testing.Jdks;
import io.sonde.testing.JvmLaunch;
import io.sonde.testing.OtlpSink;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code why} names what was woven, what was not, and the reason. */
class WhyTest {
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final String ADAPTER = "org.apache.catalina.connector.CoyoteAdapter";

  static List<Jdk> jdks() {
    return Jdks.all();
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void supportedLibrary_isWoven(Jdk jdk) throws Exception {
    try (ForkedJvm app = load(jdk, "9.0.98", true)) {
      String pid = Long.toString(app.pid());
      String all = ChainTest.Commands.run(jdk, "why", pid);
      has(all, "^Sonde \\d");
      has(
          all,
          "^woven +tomcat +" + Pattern.quote(ADAPTER) + " +\\[tomcat-embed-core-9.0.98.jar\\]$");
      has(all, "^not seen:.* kafka ");
      assertEquals(all.contains("skipped"), false, all);
      has(ChainTest.Commands.run(jdk, "why", pid, ADAPTER), "^woven +tomcat ");
      has(
          ChainTest.Commands.run(jdk, "why", pid, "kafka"),
          "^no target of kafka was loaded in that JVM$");
      has(
          ChainTest.Commands.run(jdk, "why", pid, "org.apache.coyote.Nothing"),
          "^no library and no target is called org.apache.coyote.Nothing; libraries: .*tomcat");
      assertTrue(app.stderr().isEmpty(), app.stderr()::toString);
    }
  }

  @Test
  void libraryThatLacksAMethod_isSkippedWithVersionAndMember() throws Exception {
    Jdk jdk = Jdks.current();
    try (ForkedJvm app = load(jdk, "7.0.109", true)) {
      String said = ChainTest.Commands.run(jdk, "why", Long.toString(app.pid()), "tomcat");
      has(
          said,
          "^skipped +tomcat +"
              + Pattern.quote(ADAPTER)
              + " +\\[tomcat-embed-core-7.0.109.jar\\]: (method|class|field) .* missing$");
    }
  }

  /** Instrumentations of both have targets of the same names. */
  @ParameterizedTest
  @CsvSource({"9.4.57.v20241219, jetty, jetty12", "12.0.36, jetty12, jetty"})
  void libraryOfAnotherVersion_isWovenForIts(String version, String woven, String other)
      throws Exception {
    Jdk jdk = Jdks.current();
    String server = "org.eclipse.jetty.server.Server";
    JvmLaunch launch =
        ForkedJvm.on(jdk)
            .agent()
            .classPathOf(Load.class)
            .classPath(Artifacts.classPath("org.eclipse.jetty:jetty-server:" + version))
            .main(Load.class)
            .arg(server, "org.eclipse.jetty.server.HttpChannel");
    try (ForkedJvm app = launch.start()) {
      app.awaitPort(LONG);
      String said = ChainTest.Commands.run(jdk, "why", Long.toString(app.pid()));
      String end = " +\\[jetty-server-" + Pattern.quote(version) + ".jar\\]";
      has(said, "^woven +" + woven + " +" + server + end + "$");
      String instead = ": for other versions, " + woven + " is woven here \\(.* missing\\)$";
      has(said, "^skipped +" + other + " +" + server + end + instead);
      Pattern.compile("^skipped .*$", Pattern.MULTILINE)
          .matcher(said)
          .results()
          .forEach(line -> has(line.group(), instead));
    }
  }

  /** Classes of one package must agree in their signers; ours do, whatever they come beside. */
  @Test
  void signedAndUnsignedDrivers_areBothWoven() throws Exception {
    Jdk jdk = Jdks.current();
    List<Path> drivers =
        Artifacts.classPath(
            "com.h2database:h2:2.1.214", "com.microsoft.sqlserver:mssql-jdbc:12.8.1.jre11");
    JvmLaunch launch =
        ForkedJvm.on(jdk)
            .agent()
            .classPathOf(Load.class)
            .classPath(drivers)
            .main(Load.class)
            .arg("com.microsoft.sqlserver.jdbc.SQLServerStatement", "org.h2.jdbc.JdbcStatement");
    try (ForkedJvm app = launch.start()) {
      app.awaitPort(LONG);
      String said = ChainTest.Commands.run(jdk, "why", Long.toString(app.pid()), "jdbc");
      has(said, "^woven +jdbc +com.microsoft.sqlserver.jdbc.SQLServerStatement ");
      has(said, "^woven +jdbc +org.h2.jdbc.JdbcStatement ");
      assertTrue(!said.contains("failed"), said);
    }
  }

  /** In an application server each library has a loader that sees what it depends on alone. */
  @Test
  void poolThatDoesNotSeeItsServer_isWoven() throws Exception {
    Jdk jdk = Jdks.current();
    String worker = "org.jboss.threads.EnhancedQueueExecutor$ThreadBody";
    JvmLaunch launch =
        ForkedJvm.on(jdk)
            .agent()
            .classPathOf(Load.class)
            .classPath(Artifacts.classPath("org.jboss.threads:jboss-threads:3.5.0.Final"))
            .main(Load.class)
            .arg(worker);
    try (ForkedJvm app = launch.start()) {
      app.awaitPort(LONG);
      String said = ChainTest.Commands.run(jdk, "why", Long.toString(app.pid()), worker);
      has(said, "^woven +undertow +" + Pattern.quote(worker) + " ");
    }
  }

  @Test
  void jvmWithoutTheAgent_saysSo() throws Exception {
    Jdk jdk = Jdks.current();
    try (ForkedJvm app = load(jdk, "9.0.98", false)) {
      String said = ChainTest.Commands.run(jdk, "why", Long.toString(app.pid()));
      has(said, "has no Sonde agent: start it with -javaagent or use 'attach " + app.pid() + "'");
    }
    has(
        ChainTest.Commands.run(jdk, "why", "1073741824"),
        "^\\[sonde\\] cannot reach JVM 1073741824");
    has(ChainTest.Commands.run(jdk, "what"), "^\\[sonde\\] unknown command 'what', expected ");
  }

  @Test
  void attachedWhereItIsSwitchedOff_saysSo() throws Exception {
    Jdk jdk = Jdks.current();
    JvmLaunch launch =
        ForkedJvm.on(jdk)
            .classPathOf(Load.class)
            .env("OTEL_SDK_DISABLED", "true")
            .main(Load.class)
            .arg("java.lang.String");
    try (ForkedJvm app = launch.start()) {
      app.awaitPort(LONG);
      String said = ChainTest.Commands.run(jdk, "attach", Long.toString(app.pid()));
      has(said, "^\\[sonde\\] Sonde was loaded into JVM " + app.pid() + " but does not run there");
      assertTrue(!said.contains(" now;"), said);
    }
  }

  @Test
  void spansAndSettings_areShown_whereTheReceiverIsThere() throws Exception {
    Jdk jdk = Jdks.current();
    try (OtlpSink sink = OtlpSink.http();
        ForkedJvm app =
            ForkedJvm.on(jdk).agent(sink).classPathOf(JdkHttp.class).main(JdkHttp.class).start()) {
      app.awaitLine(Pattern.compile("^DONE$"), LONG);
      sink.awaitSpans(3, LONG);
      String said = awaitWhy(jdk, app, "spans: [1-9]");
      has(
          said,
          "^spans: [1-9]\\d* exported, \\d+ waiting, 0 lost, to "
              + sink.endpoint()
              + "/v1/traces$");
      has(said, "^set: OTEL_EXPORTER_OTLP_ENDPOINT=" + sink.endpoint() + " \\(environment\\)$");
      has(said, "^set: OTEL_BSP_SCHEDULE_DELAY=100 \\(environment\\)$");
      assertTrue(!said.contains("last failure"), said);
    }
  }

  @Test
  void lostSpans_areShownWithTheReason_andNoSecret() throws Exception {
    Jdk jdk = Jdks.current();
    JvmLaunch launch =
        ForkedJvm.on(jdk)
            .agent()
            .classPathOf(JdkHttp.class)
            .property("otel.exporter.otlp.endpoint", "http://me:secret@127.0.0.1:1")
            .env("OTEL_EXPORTER_OTLP_HEADERS", "authorization=secret")
            .env("OTEL_BSP_SCHEDULE_DELAY", "100")
            .env("OTEL_EXPORTER_OTLP_TIMEOUT", "2000")
            .env("OTEL_BSP_EXPORT_TIMEOUT", "100")
            .main(JdkHttp.class);
    try (ForkedJvm app = launch.start()) {
      String said = awaitWhy(jdk, app, " lost \\(");
      has(
          said,
          "^spans: 0 exported, \\d+ waiting, \\d+ lost \\(\\d+ (unreachable|timeout)[^)]*\\), to http://127");
      has(said, "^last failure to send: (nothing listens there|no answer in time)$");
      has(said, "^set: OTEL_EXPORTER_OTLP_ENDPOINT=http://…@127.0.0.1:1 \\(system property\\)$");
      has(said, "^set: OTEL_EXPORTER_OTLP_HEADERS=… \\(environment\\)$");
      assertTrue(!said.contains("secret"), said);
    }
  }

  private static String awaitWhy(Jdk jdk, ForkedJvm app, String text) throws Exception {
    long end = System.nanoTime() + LONG.toNanos();
    for (; ; ) {
      String said = ChainTest.Commands.run(jdk, "why", Long.toString(app.pid()));
      if (Pattern.compile(text).matcher(said).find() || System.nanoTime() > end) {
        return said;
      }
      Thread.sleep(200);
    }
  }

  private static ForkedJvm load(Jdk jdk, String tomcat, boolean agent) {
    JvmLaunch launch =
        ForkedJvm.on(jdk)
            .classPathOf(Load.class)
            .classPath(Artifacts.classPath("org.apache.tomcat.embed:tomcat-embed-core:" + tomcat))
            .jvmArg("-Xshare:off")
            .main(Load.class)
            .arg(ADAPTER);
    ForkedJvm app = (agent ? launch.agent() : launch).start();
    app.awaitPort(LONG);
    return app;
  }

  static void has(String text, String line) {
    assertTrue(
        Pattern.compile(line, Pattern.MULTILINE).matcher(text).find(),
        () -> line + " is not in\n" + text);
  }
}
