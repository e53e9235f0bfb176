package io.sonde.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sonde.apps.Planted;
import io.sonde.testing.ForkedJvm;
import io.sonde.testing.Jdks;
import io.sonde.testing.JvmLaunch;
import io.sonde.testing.Ports;
import io.sonde.testing.ReceivedProfile;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code /debug/pprof/} answers, and what Go's pprof makes of it. */
class PullTest {
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final String APP = "io/sonde/apps/Planted.";

  @TempDir Path folder;

  private final HttpClient http = HttpClient.newHttpClient();
  private int port;

  private JvmLaunch planted(int jdk) {
    port = Ports.free();
    return ForkedJvm.on(Jdks.of(jdk).orElseThrow())
        .classPathOf(Planted.class)
        .main(Planted.class)
        .jvmArg("-XX:TieredStopAtLevel=1", "-Xmx128m")
        .env("SONDE_HTTP_HOST", "127.0.0.1")
        .env("SONDE_HTTP_PORT", Integer.toString(port))
        .env("PYROSCOPE_PROFILING_INTERVAL", "10ms")
        .env("PYROSCOPE_UPLOAD_INTERVAL", "3s")
        .agent();
  }

  private HttpResponse<byte[]> get(String path) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + port + "/debug/pprof/" + path);
    HttpRequest request = HttpRequest.newBuilder(uri).timeout(LONG).build();
    for (int tries = 0; ; tries++) {
      try {
        return http.send(request, HttpResponse.BodyHandlers.ofByteArray());
      } catch (IOException e) {
        if (tries == 600) {
          throw e;
        }
        Thread.sleep(100); // it does not listen yet
      }
    }
  }

  private static ReceivedProfile profile(HttpResponse<byte[]> response) {
    assertEquals(200, response.statusCode(), () -> text(response));
    return ReceivedProfile.of(Map.of("__name__", "x"), response.body());
  }

  private static String text(HttpResponse<byte[]> response) {
    return new String(response.body(), StandardCharsets.UTF_8);
  }

  private static void needGo() {
    assumeTrue(
        Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
            .anyMatch(entry -> Files.isExecutable(Path.of(entry, "go"))),
        "go is not on the PATH: its pprof does not pull");
  }

  private String top(String unit, String url) throws Exception {
    Path output = Files.createTempFile(folder, unit, "");
    ProcessBuilder command =
        new ProcessBuilder("go", "tool", "pprof", "-top", "-timeout=60", "-unit=" + unit, url);
    command.environment().put("PPROF_TMPDIR", folder.toString());
    Process go = command.redirectErrorStream(true).redirectOutput(output.toFile()).start();
    assertTrue(go.waitFor(120, TimeUnit.SECONDS), "go tool pprof takes too long");
    String text = Files.readString(output, StandardCharsets.UTF_8);
    assertEquals(0, go.exitValue(), text);
    return text;
  }

  /** The share that one method and what it calls have of two. */
  private static double share(String top, String one, String other) {
    return cumulated(top, one) / (cumulated(top, one) + cumulated(top, other)) * 100;
  }

  /** Of the smaller share in per cent: on a busy machine there are few samples, 10 ms apart. */
  private static double deviation(String cpu) {
    double samples = (cumulated(cpu, "hot") + cumulated(cpu, "cold")) / 10;
    return 100 * Math.sqrt(0.95 * 0.05 / samples);
  }

  private static double cumulated(String top, String method) {
    Matcher line =
        Pattern.compile("([0-9.]+)[a-zA-Z]* +[0-9.]+% +" + Pattern.quote(APP + method) + "\\b")
            .matcher(top);
    return line.find() ? Double.parseDouble(line.group(1)) : 0;
  }

  @Test
  void pprofOfGo_findsThePlantedMethodAndAllocator() throws Exception {
    needGo();
    try (ForkedJvm app = planted(17).start()) {
      app.awaitPort(LONG);
      assertEquals(200, get("").statusCode());
      assertEquals(List.of(), said(app), "nothing is started for nobody");
      String url = "http://127.0.0.1:" + port + "/debug/pprof/";
      CompletableFuture<String> allocs =
          CompletableFuture.supplyAsync(() -> unchecked("kb", url + "allocs?seconds=4"));
      String cpu = top("ms", url + "profile?seconds=7");
      assertEquals(95, share(cpu, "hot", "cold"), Math.max(5, 4 * deviation(cpu)), cpu);
      assertTrue(cpu.contains("Type: cpu"), cpu);
      String allocated = allocs.get(60, TimeUnit.SECONDS);
      assertEquals(75, share(allocated, "many", "few"), 5, allocated);
      assertTrue(allocated.contains("Type: alloc_space"), allocated);
      assertEquals(1, said(app).size(), () -> said(app).toString());
    }
  }

  @Test
  void pprofOfGo_findsThePlantedWaits() throws Exception {
    needGo();
    try (ForkedJvm app = planted(17).start()) {
      app.awaitPort(LONG);
      assertEquals(200, get("").statusCode());
      String url = "http://127.0.0.1:" + port + "/debug/pprof/";
      CompletableFuture<String> block =
          CompletableFuture.supplyAsync(() -> unchecked("ms", url + "block?seconds=6"));
      waits(top("ms", url + "mutex?seconds=6"), "enter");
      waits(block.get(60, TimeUnit.SECONDS), "lock");
    }
  }

  /** Half of the time, and more where the machine is busy with something else. */
  private static void waits(String top, String method) {
    assertTrue(top.contains("Type: delay"), top);
    Matcher seconds = Pattern.compile("Duration: ([0-9.]+)s").matcher(top);
    assertTrue(seconds.find(), top);
    double share = cumulated(top, method) / (Double.parseDouble(seconds.group(1)) * 1000);
    assertTrue(share > 0.35 && share < 0.75, method + " waits " + share + " of the time: " + top);
  }

  private String unchecked(String unit, String url) {
    try {
      return top(unit, url);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<String> said(ForkedJvm app) {
    return app.stderr().stream().filter(line -> line.contains("profiles")).toList();
  }

  @Test
  void totalsThreadsAndHeap_areThere_andTheNumberOfThoseWhoWaitIsBounded() throws Exception {
    try (ForkedJvm app = planted(17).env("SONDE_PROFILER_EXCEPTIONS", "true").start()) {
      app.awaitPort(LONG);
      CompletableFuture<ReceivedProfile> exceptions =
          CompletableFuture.supplyAsync(this::exceptions);
      assertEquals(
          List.of("memory:alloc_objects:count:space:bytes", "memory:alloc_space:bytes:space:bytes"),
          ReceivedProfile.of(Map.of("__name__", "memory"), get("allocs").body()).types());
      assertEquals(
          List.of("exception:exceptions:count:exceptions:count"), exceptions.get().types());
      long before = bytes(profile(get("allocs")));
      ReceivedProfile live = profile(get("heap?gc=1"));
      assertTrue(live.sum(1, s -> s.has("java/lang/String")) > 10_000, live::toString);
      ReceivedProfile threads = profile(get("goroutine"));
      assertEquals(1, threads.sum(0, s -> s.has(APP + "allocate")), threads::toString);
      assertTrue(text(get("goroutine?debug=2")).contains("daemon]: allocator\n\tat "));
      assertTrue(text(get("goroutine?debug=1")).contains("io.sonde.apps.Planted.main"));
      assertEquals(400, get("profile?seconds=701").statusCode());
      HttpResponse<byte[]> missing = get("wall");
      assertEquals(503, missing.statusCode());
      assertTrue(text(missing).startsWith("wall clock is not sampled: "), text(missing));
      List<CompletableFuture<HttpResponse<byte[]>>> many =
          IntStream.range(0, 5)
              .mapToObj(i -> CompletableFuture.supplyAsync(this::twoSeconds))
              .toList();
      List<Integer> statuses = many.stream().map(f -> f.join().statusCode()).sorted().toList();
      assertEquals(List.of(200, 200, 200, 200, 503), statuses);
      long after = bytes(profile(get("allocs")));
      for (int i = 0; i < 100 && after <= before; i++) {
        Thread.sleep(100); // allocations may be watched one second in five
        after = bytes(profile(get("allocs")));
      }
      assertTrue(after > before, "they add up");
      assertTrue(app.stderr().stream().noneMatch(line -> line.contains("failed")));
    }
  }

  private static long bytes(ReceivedProfile allocs) {
    return allocs.sum(1, s -> s.has(APP + "many"));
  }

  private ReceivedProfile exceptions() {
    try {
      return ReceivedProfile.of(Map.of("__name__", "exception"), get("exceptions").body());
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private HttpResponse<byte[]> twoSeconds() {
    try {
      return get("block?seconds=2");
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /** As a pod is scraped. */
  @Test
  void onEveryAddress_onlyWhereItIsSaid() throws Exception {
    try (ForkedJvm app = planted(17).env("SONDE_HTTP_HOST", "0.0.0.0").start()) {
      app.awaitPort(LONG);
      for (String path : List.of("", "profile?seconds=1", "heap?gc=1", "goroutine")) {
        HttpResponse<byte[]> refused = get(path);
        assertEquals(403, refused.statusCode(), path);
        assertTrue(text(refused).contains("SONDE_PPROF=on"), text(refused));
      }
      assertEquals(List.of(), said(app), "no profiler is started");
    }
    JvmLaunch without = planted(17).env("SONDE_PPROF", "off");
    try (ForkedJvm app = without.start()) {
      app.awaitPort(LONG);
      assertEquals(404, get("goroutine").statusCode());
    }
  }

  @Test
  void java8_hasThreads_andCpuTime() throws Exception {
    assumeTrue(Jdks.of(8).isPresent(), "JDK 8 is not on this machine");
    try (ForkedJvm app = planted(8).env("SONDE_PROFILER_ENGINE", "sampler").start()) {
      app.awaitPort(LONG);
      ReceivedProfile threads = profile(get("goroutine"));
      assertEquals(1, threads.sum(0, s -> s.has(APP + "allocate")), app.stderr()::toString);
      ReceivedProfile cpu = profile(get("profile?seconds=4"));
      assertTrue(cpu.sum(0, s -> s.has(APP + "hot")) > 0, cpu::toString);
    }
  }

  /** It would have its recordings made without samples of CPU time. */
  @ParameterizedTest
  @CsvSource({"false, http://127.0.0.1:1", "true, localhost:4040"})
  void pyroscopeThatIsSwitchedOff_decidesNothing(String enabled, String address) throws Exception {
    int jdk = Jdks.of(25).isPresent() ? 25 : 26;
    assumeTrue(Jdks.of(jdk).isPresent(), "no JDK with samples of CPU time is on this machine");
    try (ForkedJvm app =
        planted(jdk)
            .env("PYROSCOPE_SERVER_ADDRESS", address)
            .env("PYROSCOPE_AGENT_ENABLED", enabled)
            .env("SONDE_PYROSCOPE_ENDPOINT", "jfr")
            .env("PYROSCOPE_FORMAT", "jfr")
            .env("PYROSCOPE_GC_BEFORE_DUMP", "true")
            .start()) {
      ReceivedProfile profile = profile(get("profile?seconds=1"));
      assertEquals(10_000_000, profile.period());
      app.awaitErrorLine(
          Pattern.compile("\\[sonde] profiles by Flight Recorder, CPU by CPUTimeSample, .*"), LONG);
      app.awaitErrorLine(
          Pattern.compile(
              "\\[sonde] without effect: PYROSCOPE_FORMAT .*; PYROSCOPE_GC_BEFORE_DUMP .*"),
          LONG);
    }
  }
}
