package io.sonde.libraries.servers;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sonde.testing.Conventions;
import io.sonde.testing.ForkedJvm;
import io.sonde.testing.JvmLaunch;
import io.sonde.testing.OtlpSink;
import io.sonde.testing.ReceivedSpan;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;

/**
 * A server under the agent that prints {@code READY port}, requests to it, and the spans they made.
 */
public final class Served implements AutoCloseable {
  /** The caller's span in every request. */
  static final String PARENT = "b7ad6b7169203331";

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final OtlpSink sink;
  private final ForkedJvm jvm;
  private final int port;
  private final HttpClient client = client(HttpClient.Version.HTTP_1_1);

  private Served(OtlpSink sink, ForkedJvm jvm, int port) {
    this.sink = sink;
    this.jvm = jvm;
    this.port = port;
  }

  /** Starts it with the agent, {@code Server-Timing} asked for. */
  public static Served start(JvmLaunch launch) {
    OtlpSink sink = OtlpSink.http();
    ForkedJvm jvm =
        launch
            .quick()
            .agent(sink)
            .env("SONDE_SERVER_TIMING", "true")
            .jvmArg("-Dkeys=" + Keys.file())
            .start();
    try {
      return new Served(sink, jvm, jvm.awaitPort(Duration.ofSeconds(60)));
    } catch (Throwable thrown) {
      jvm.close();
      sink.close();
      throw thrown;
    }
  }

  /** A client of its own connections. */
  static HttpClient client(HttpClient.Version version) {
    return HttpClient.newBuilder()
        .version(version)
        .connectTimeout(PATIENCE)
        .sslContext(Keys.trust())
        .build();
  }

  public int port() {
    return port;
  }

  /** The port of another protocol, as printed after its name before READY. */
  public int port(String protocol) {
    Pattern line = Pattern.compile("^" + protocol + " (\\d+)$");
    return Integer.parseInt(jvm.awaitLine(line, PATIENCE).group(1));
  }

  public OtlpSink sink() {
    return sink;
  }

  public ForkedJvm jvm() {
    return jvm;
  }

  /** Sends a GET in a trace of its own and waits for the answer. */
  public Exchange get(String target, String... headers) {
    return send(client, "GET", target, headers);
  }

  /** Sends a request in a trace of its own and waits for the answer. */
  public Exchange send(HttpClient by, String method, String target, String... headers) {
    return send(by, method, URI.create("http://localhost:" + port + target), headers);
  }

  Exchange send(HttpClient by, String method, URI target, String... headers) {
    String trace = newTrace();
    HttpRequest.Builder request =
        HttpRequest.newBuilder(target)
            .timeout(PATIENCE)
            .header("User-Agent", "sonde-test")
            .header("traceparent", traceparent(trace))
            .method(method, HttpRequest.BodyPublishers.noBody());
    for (int i = 0; i < headers.length; i += 2) {
      request.setHeader(headers[i], headers[i + 1]);
    }
    try {
      return new Exchange(
          this, trace, by.send(request.build(), HttpResponse.BodyHandlers.ofString()));
    } catch (IOException e) {
      throw jvm.failure(method + " " + target + " failed: " + e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  static String newTrace() {
    byte[] id = new byte[16];
    ThreadLocalRandom.current().nextBytes(id);
    return HexFormat.of().formatHex(id);
  }

  static String traceparent(String trace) {
    return "00-" + trace + '-' + PARENT + "-01";
  }

  /** The one server span of that trace. */
  ReceivedSpan span(String trace) {
    List<ReceivedSpan> spans;
    try {
      spans =
          sink.awaitSpans(
              s -> s.traceId().equals(trace) && s.kind() == ReceivedSpan.Kind.SERVER, 1, PATIENCE);
    } catch (AssertionError e) {
      throw jvm.failure(e.getMessage());
    }
    assertEquals(1, spans.size(), () -> "server spans of one request: " + spans);
    return spans.get(0);
  }

  /** One request over a connection that closes as soon as the answer has begun. */
  String abandon(String target) {
    String trace = newTrace();
    try (java.net.Socket socket = new java.net.Socket("localhost", port)) {
      String request =
          "GET " + target + " HTTP/1.1\r\nHost: localhost\r\ntraceparent: " + traceparent(trace);
      socket
          .getOutputStream()
          .write((request + "\r\n\r\n").getBytes(java.nio.charset.StandardCharsets.US_ASCII));
      if (socket.getInputStream().read() < 0) {
        throw jvm.failure("no answer to " + target);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return trace;
  }

  @Override
  public void close() {
    jvm.close();
    sink.close();
    Conventions.check(sink.spans());
  }
}
