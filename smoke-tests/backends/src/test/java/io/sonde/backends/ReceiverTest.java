package io.sonde.backends;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sonde.apps.Profiled;
import io.sonde.testing.ForkedJvm;
import io.sonde.testing.JvmLaunch;
import io.sonde.testing.OtlpSink;
import io.sonde.testing.Ports;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A receiver made of Pyroscope's own API and Go's pprof reads what the agent sends, by both of its
 * protocols at once, and refuses what is not right.
 */
class ReceiverTest {
  private static final Duration LONG = Duration.ofSeconds(60);

  /** Where each type of profile has its samples in the program. */
  private static final Map<String, String> METHODS =
      Map.of(
          "cpu:nanoseconds:cpu:nanoseconds", "burn",
          "alloc_in_new_tlab_bytes:bytes:space:bytes", "allocateSmall",
          "alloc_outside_tlab_bytes:bytes:space:bytes", "allocateLarge",
          "delay:nanoseconds:mutex:count", "work",
          "delay:nanoseconds:block:count", "park");

  @TempDir Path folder;

  private String address;

  private Backend startReceiver() throws Exception {
    int port = Ports.free();
    address = "http://127.0.0.1:" + port;
    return Backend.start(
        log(), List.of(Backend.program("receiver", "receiver"), "127.0.0.1:" + port));
  }

  private Path log() {
    return folder.resolve("receiver.log");
  }

  private ForkedJvm start(Backend receiver, String protocol, OtlpSink spans) throws Exception {
    receiver.awaitReady(address + "/ready", LONG);
    return launch(protocol, spans).start();
  }

  private JvmLaunch launch(String protocol, OtlpSink spans) {
    return ForkedJvm.onCurrent()
        .classPathOf(Profiled.class)
        .main(Profiled.class)
        .jvmArg("-XX:TieredStopAtLevel=1", "-Xmx256m")
        .agent(spans)
        .env("OTEL_SERVICE_NAME", "profiled")
        .env("PYROSCOPE_SERVER_ADDRESS", address)
        .env("PYROSCOPE_LABELS", "region=eu")
        .env("PYROSCOPE_UPLOAD_INTERVAL", "2s")
        .env("SONDE_PROFILER_START_DELAY", "100")
        .env("SONDE_PYROSCOPE_ENDPOINT", protocol);
  }

  @Test
  void everyProfile_isReadByPyroscopesOwnCode_byBothProtocols() throws Exception {
    try (Backend receiver = startReceiver();
        OtlpSink spans = OtlpSink.http();
        ForkedJvm pushing = start(receiver, "push", spans);
        ForkedJvm ingesting = start(receiver, "ingest", spans)) {
      pushing.awaitPort(LONG);
      ingesting.awaitPort(LONG);
      for (String protocol : List.of("push", "ingest")) {
        for (Map.Entry<String, String> type : METHODS.entrySet()) {
          await(protocol, type.getKey(), type.getValue());
        }
      }
      List<String> lines = Files.readAllLines(log());
      assertEquals(List.of(), lines.stream().filter(line -> line.contains("problem")).toList());
      for (String line : lines) {
        String name = line.contains("\"push\"") ? "service_name" : "__name__";
        assertTrue(line.contains('"' + name + "\":\"profiled\""), line);
        assertTrue(line.contains("\"region\":\"eu\""), line);
      }
      assertEquals(422, post("/ingest?name=a&from=1&until=2&spyName=b", "nothing"));
      assertEquals(400, post("/push.v1.PusherService/Push", "{\"series\":[{\"labels\":[]}]}"));
    }
  }

  @Test
  void everyRecording_isReadByPyroscopesOwnParser_ofBothEngines() throws Exception {
    try (Backend receiver = startReceiver();
        OtlpSink spans = OtlpSink.http();
        ForkedJvm recording = record(receiver, "jfr", spans);
        ForkedJvm async = record(receiver, "async", spans)) {
      recording.awaitPort(LONG);
      async.awaitPort(LONG);
      for (Map.Entry<String, String> type : METHODS.entrySet()) {
        await("jfr", "by-jfr", type.getKey(), type.getValue(), 0);
      }
      await("jfr", "by-async", "cpu:nanoseconds:cpu:nanoseconds", "burn", 0);
      await("jfr", "by-async", "delay:nanoseconds:mutex:count", "work", 0);
      assertEquals(
          List.of(),
          Files.readAllLines(log()).stream().filter(line -> line.contains("problem")).toList());
    }
  }

  private ForkedJvm record(Backend receiver, String engine, OtlpSink spans) throws Exception {
    receiver.awaitReady(address + "/ready", LONG);
    return launch("jfr", spans)
        .env("OTEL_SERVICE_NAME", "by-" + engine)
        .env("SONDE_PROFILER_ENGINE", engine)
        .start();
  }

  /** Until a profile of that type has samples in spans, and samples in that method. */
  private void await(String protocol, String type, String method) throws Exception {
    await(protocol, "profiled", type, method, 1);
  }

  private void await(String protocol, String service, String type, String method, int spans)
      throws Exception {
    long end = System.nanoTime() + LONG.toNanos();
    while (System.nanoTime() < end) {
      for (String line : Files.readAllLines(log())) {
        if (line.contains("\"protocol\":\"" + protocol + '"')
            && line.contains('"' + service + '"')
            && line.contains('"' + type + '"')
            && number(line, "spans") >= spans
            && number(line, "io/sonde/apps/Profiled." + method) > 0) {
          return;
        }
      }
      Thread.sleep(200);
    }
    throw new AssertionError(
        "no " + type + " in " + method + " by " + protocol + ": " + Files.readString(log()));
  }

  private static long number(String line, String name) {
    Matcher number = Pattern.compile('"' + Pattern.quote(name) + "\":([0-9]+)").matcher(line);
    return number.find() ? Long.parseLong(number.group(1)) : 0;
  }

  private int post(String path, String body) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(address + path))
            .timeout(LONG)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    return HttpClient.newHttpClient()
        .send(request, HttpResponse.BodyHandlers.ofString())
        .statusCode();
  }
}
