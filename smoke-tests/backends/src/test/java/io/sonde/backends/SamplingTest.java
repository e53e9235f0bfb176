package io.sonde.backends;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sonde.apps.Chain;
import io.sonde.testing.Artifacts;
import io.sonde.testing.ForkedJvm;
import io.sonde.testing.HttpConnection;
import io.sonde.testing.OtlpSink;
import io.sonde.testing.ReceivedSpan;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real Jaeger decides what is recorded, by the file of its strategies. */
class SamplingTest {
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final int REQUESTS = 400;

  @TempDir Path folder;

  private OtlpSink sink;
  private int port;

  @Test
  void strategies_areFollowed_asTheyChange_andKeptWhereJaegerIsGone() throws Exception {
    strategies("probabilistic", 0);
    try (Jaeger jaeger =
            new Jaeger(folder.resolve("jaeger.log"), "http://127.0.0.1:9", file().toString());
        OtlpSink receiver = OtlpSink.http();
        ForkedJvm app =
            ForkedJvm.onCurrent()
                .quick()
                .jvmArg("-Xmx96m")
                .classPathOf(Chain.class)
                .classPath(Artifacts.classPath("com.h2database:h2:1.4.200"))
                .main(Chain.class)
                .agent(receiver)
                .env("OTEL_SERVICE_NAME", "chain")
                .env("OTEL_TRACES_SAMPLER", "parentbased_jaeger_remote")
                .env(
                    "OTEL_TRACES_SAMPLER_ARG",
                    "endpoint="
                        + jaeger.sampling()
                        + ",pollingIntervalMs=100,initialSamplingRate=1")
                .start()) {
      sink = receiver;
      port = app.awaitPort(LONG);
      awaitRecorded(0, 0);
      strategies("probabilistic", 1);
      awaitRecorded(REQUESTS, REQUESTS);
      strategies("probabilistic", 0.25);
      awaitRecorded(REQUESTS / 4 - 50, REQUESTS / 4 + 50);
      strategies("ratelimiting", 1);
      awaitRecorded(1, 20);
      strategies("probabilistic", 1);
      awaitRecorded(REQUESTS, REQUESTS);
      jaeger.kill();
      app.awaitErrorLine(
          Pattern.compile("no sampling strategy from .*nothing listens there"), LONG);
      long before = servers();
      recorded();
      long expected = before + REQUESTS;
      for (int i = 0; i < 100 && servers() < expected; i++) {
        Thread.sleep(100);
      }
      assertEquals(expected, servers());
    }
  }

  /** Once the agent has asked, so many requests of {@link #REQUESTS} are recorded. */
  private void awaitRecorded(int least, int most) throws Exception {
    int recorded = -1;
    for (int i = 0; i < 30 && (recorded < least || recorded > most); i++) {
      Thread.sleep(200);
      recorded = recorded();
    }
    System.out.println(recorded + " of " + REQUESTS + " recorded");
    int last = recorded;
    assertTrue(last >= least && last <= most, () -> last + " of " + REQUESTS);
  }

  private int recorded() throws Exception {
    long before = servers();
    try (HttpConnection http = new HttpConnection(port)) {
      for (int i = 0; i < REQUESTS; i++) {
        assertEquals(200, http.get("/orders"));
      }
    }
    // Until nothing more comes.
    long now = -1;
    for (long next = servers(); next != now; next = servers()) {
      now = next;
      Thread.sleep(400);
    }
    return (int) (now - before);
  }

  private long servers() {
    return sink.spans().stream()
        .filter(span -> span.kind() == ReceivedSpan.Kind.SERVER && span.name().endsWith("/orders"))
        .count();
  }

  private Path file() {
    return folder.resolve("strategies.json");
  }

  /** By a rename, so that nobody reads half a file. */
  private void strategies(String type, double parameter) throws Exception {
    Path next =
        Files.writeString(
            folder.resolve("next.json"),
            """
            {"service_strategies": [{"service": "chain", "type": "%s", "param": %s}],
             "default_strategy": {"type": "probabilistic", "param": 0.5}}
            """
                .formatted(type, parameter));
    Files.move(next, file(), StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }
}
