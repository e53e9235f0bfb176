package io.sonde.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sonde.apps.Chain;
import io.sonde.testing.Artifacts;
import io.sonde.testing.ForkedJvm;
import io.sonde.testing.Jdk;
import io.sonde.testing.Jdks;
import io.sonde.testing.JvmLaunch;
import io.sonde.testing.OtlpSink;
import io.sonde.testing.ReceivedSpan;
import io.sonde.testing.ReceivedSpan.Kind;
import io.sonde.testing.ReceivedSpan.Status;
import io.sonde.testing.Trace;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Server, client, server, database: one trace on every JVM, with the flag and attached. */
class ChainTest {
  private static final Duration LONG = Duration.ofSeconds(60);

  static List<Jdk> jdks() {
    return Jdks.all();
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void startedWithTheFlag_oneTrace(Jdk jdk) throws Exception {
    try (OtlpSink sink = OtlpSink.http();
        ForkedJvm app = chain(jdk).agent(sink).start()) {
      int port = app.awaitPort(LONG);
      sink.clear();
      requestAndCheck(port, sink);
      assertTrue(
          app.stderr().stream().noneMatch(line -> line.startsWith("[sonde]")),
          app.stderr()::toString);
    }
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void attached_oneTrace(Jdk jdk) throws Exception {
    try (OtlpSink sink = OtlpSink.http();
        ForkedJvm app = chain(jdk).exportTo(sink).start()) {
      int port = app.awaitPort(LONG);
      get(port);
      String said = Commands.run(jdk, "attach", Long.toString(app.pid()));
      assertTrue(said.contains("is in JVM " + app.pid() + " now"), said);
      requestAndCheck(port, sink);
    }
  }

  private static JvmLaunch chain(Jdk jdk) {
    return ForkedJvm.on(jdk)
        .classPathOf(Chain.class)
        .classPath(Artifacts.classPath("com.h2database:h2:1.4.200"))
        .main(Chain.class)
        .env("OTEL_SERVICE_NAME", "chain");
  }

  private static void requestAndCheck(int port, OtlpSink sink) throws Exception {
    assertEquals("stock 3", get(port));
    Trace trace = sink.awaitTrace(4, LONG);
    assertEquals(4, trace.spans().size(), trace::toString);
    ReceivedSpan front = trace.root();
    ReceivedSpan call = trace.onlyChildOf(front);
    ReceivedSpan back = trace.onlyChildOf(call);
    ReceivedSpan query = trace.onlyChildOf(back);
    checkServer(front, "/orders", port);
    assertEquals(Kind.CLIENT, call.kind(), trace::toString);
    assertEquals("GET", call.name());
    assertEquals("GET", call.attribute("http.request.method"));
    assertEquals("localhost", call.attribute("server.address"));
    Object backPort = call.attribute("server.port");
    assertEquals("http://localhost:" + backPort + "/stock/7", call.attribute("url.full"));
    assertEquals(200L, call.attribute("http.response.status_code"));
    assertEquals(Status.UNSET, call.status());
    assertNull(call.attribute("error.type"));
    checkServer(back, "/stock/7", ((Long) backPort).intValue());
    assertEquals(Kind.CLIENT, query.kind(), trace::toString);
    assertEquals("select stock", query.name());
    assertEquals("h2database", query.attribute("db.system.name"));
    assertEquals("select amount from stock where id = ?", query.attribute("db.query.text"));
    assertEquals(Status.UNSET, query.status());
    for (ReceivedSpan span : trace.spans()) {
      assertEquals("chain", span.service());
    }
  }

  private static void checkServer(ReceivedSpan span, String path, int port) {
    assertEquals(Kind.SERVER, span.kind());
    assertEquals("GET", span.attribute("http.request.method"));
    assertEquals(path, span.attribute("url.path"));
    assertEquals("http", span.attribute("url.scheme"));
    assertEquals("localhost", span.attribute("server.address"));
    assertEquals((long) port, span.attribute("server.port"));
    assertEquals(200L, span.attribute("http.response.status_code"));
    assertEquals("127.0.0.1", span.attribute("network.peer.address"));
    assertEquals("1.1", span.attribute("network.protocol.version"));
    assertEquals(Status.UNSET, span.status());
    assertNull(span.attribute("error.type"));
  }

  private static String get(int port) throws Exception {
    HttpURLConnection call =
        (HttpURLConnection)
            URI.create("http://localhost:" + port + "/orders").toURL().openConnection();
    try (InputStream in = call.getInputStream()) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** The agent's command line. */
  static final class Commands {
    private Commands() {}

    static String run(Jdk jdk, String... arguments) throws Exception {
      ForkedJvm command =
          ForkedJvm.on(jdk)
              .jar(Path.of(System.getProperty("sonde.agent.jar")))
              .arg(arguments)
              .start();
      try (command) {
        command.awaitExit(LONG);
        return String.join("\n", command.stdout()) + "\n" + String.join("\n", command.stderr());
      }
    }
  }
}
