package io.sonde.exporters.pyroscope;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sonde.core.Delivery.Outcome;
import io.sonde.profiler.pprof.FrameKind;
import io.sonde.profiler.pprof.Profile;
import io.sonde.profiler.pprof.ProfileType;
import io.sonde.settings.Settings;
import io.sonde.testing.OtlpSink.Request;
import io.sonde.testing.PyroscopeSink;
import io.sonde.testing.ReceivedProfile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a server gets: series, labels, headers, by either endpoint. */
final class UploadTest {
  private static final Duration LONG = Duration.ofSeconds(10);

  private final PyroscopeSink sink = new PyroscopeSink();

  private List<ReceivedProfile> await(int count) {
    List<ReceivedProfile> read = sink.await("profiles", profile -> true, count, LONG);
    assertEquals(List.of(), sink.problems());
    return read;
  }

  @ParameterizedTest
  @ValueSource(strings = {"push", "ingest"})
  void hostileNames_arriveBounded(String endpoint) {
    String name = "a\u0001\n\uD83D,=é" + "x".repeat(10_000);
    try (sink;
        Export export =
            new Export(
                sink.address(),
                "SONDE_PYROSCOPE_ENDPOINT",
                endpoint,
                "PYROSCOPE_APPLICATION_NAME",
                name,
                "PYROSCOPE_LABELS",
                "region=r\u0007" + "y".repeat(10_000))) {
      export.window(ProfileType.CPU);
      ReceivedProfile profile = await(1).get(0);
      String service = profile.labels().getOrDefault("service_name", "");
      assertTrue(service.startsWith("a\u0001\n?") && service.length() <= 2048, service);
      String region = profile.labels().getOrDefault("region", "");
      assertTrue(region.startsWith("r\u0007yy") && region.length() <= 2048, region);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"push", "ingest"})
  void everyType_arrivesUnderItsName(String endpoint) {
    try (sink;
        Export export = new Export(sink.address(), "SONDE_PYROSCOPE_ENDPOINT", endpoint)) {
      // Threads are for those who ask.
      ProfileType[] sent =
          EnumSet.complementOf(EnumSet.of(ProfileType.THREADS)).toArray(new ProfileType[0]);
      export.window(sent);
      List<String> types =
          await(sent.length).stream().flatMap(profile -> profile.types().stream()).toList();
      assertEquals(
          List.of(
              "process_cpu:cpu:nanoseconds:cpu:nanoseconds",
              "memory:alloc_in_new_tlab_objects:count:space:bytes",
              "memory:alloc_in_new_tlab_bytes:bytes:space:bytes",
              "memory:alloc_outside_tlab_objects:count:space:bytes",
              "memory:alloc_outside_tlab_bytes:bytes:space:bytes",
              "memory:alloc_objects:count:space:bytes",
              "memory:alloc_space:bytes:space:bytes",
              "memory:inuse_objects:count:space:bytes",
              "memory:inuse_space:bytes:space:bytes",
              "mutex:contentions:count:mutex:count",
              "mutex:delay:nanoseconds:mutex:count",
              "block:contentions:count:block:count",
              "block:delay:nanoseconds:block:count",
              "wall:wall:nanoseconds:wall:nanoseconds",
              "exception:exceptions:count:exceptions:count"),
          types);
      export.await(Outcome.EXPORTED, sent.length);
      assertEquals(0, export.delivery.lost());
      assertEquals(List.of(), export.said);
    }
  }

  @Test
  void push_isOneRequestAProfile() {
    try (sink;
        Export export = new Export(sink.address())) {
      export.window(ProfileType.CPU, ProfileType.MUTEX);
      export.window(ProfileType.CPU);
      await(3);
      assertEquals(
          Collections.nCopies(3, "/push.v1.PusherService/Push"),
          sink.requests().stream().map(Request::path).toList());
      assertEquals("application/proto", sink.requests().get(0).header("content-type"));
      assertEquals("sonde/1.2.3", sink.requests().get(0).header("user-agent"));
      assertNull(sink.requests().get(0).header("authorization"));
      assertNull(sink.requests().get(0).header("x-scope-orgid"));
    }
  }

  /**
   * 12,000 spans in stacks of 128 frames are more than a server takes of one profile, or at once.
   */
  @ParameterizedTest
  @ValueSource(strings = {"push", "ingest"})
  void fullWindow_arrivesAsSeveralProfiles(String endpoint) {
    Profile full = new Profile(ProfileType.CPU);
    int[] frames = new int[128];
    for (int i = 0; i < 12_000; i++) {
      for (int at = 0; at < frames.length; at++) {
        int line = i % 4000 + at;
        String type = "com.acme." + "Long".repeat(25) + line;
        frames[at] = full.frame(type, "method", "()V", null, line, FrameKind.JAVA);
      }
      full.add(full.stack(frames, frames.length, false), i + 1L, 77, i, "/", 10, 0);
    }
    try (sink;
        Export export = new Export(sink.address(), "SONDE_PYROSCOPE_ENDPOINT", endpoint)) {
      long start = (System.currentTimeMillis() - 15_000) * 1_000_000;
      export.exporter.window(start, start + 15_000_000_000L, List.of(full));
      export.await(() -> export.exporter.waiting() == 0, "all of it");
      List<ReceivedProfile> arrived = await(2);
      assertEquals(120_000, arrived.stream().mapToLong(each -> each.sum(0, any -> true)).sum());
      assertEquals(12_000, arrived.stream().mapToInt(each -> each.samples().size()).sum());
      assertTrue(
          arrived.stream()
              .flatMap(each -> each.samples().stream())
              .noneMatch(s -> s.has("[other]")));
      assertEquals(arrived.size(), export.count(Outcome.EXPORTED));
      assertEquals(List.of(), export.said);
    }
  }

  /** With what samples add, which a server would refuse beyond 30. */
  @Test
  void moreLabelsThanAServerTakes_areLeftOutAndSaid() {
    String many =
        IntStream.range(0, 25).mapToObj(i -> "l" + i + "=" + i).collect(Collectors.joining(","));
    String[] environment = {"PYROSCOPE_LABELS", many, "SONDE_PROFILER_BAGGAGE", "a,b,c"};
    Settings settings = Export.settings(environment, sink.address());
    Server.of(settings);
    String said = settings.problems().toString();
    assertTrue(said.contains("PYROSCOPE_LABELS='l17, l18, l19, l20"), said);
    assertTrue(said.contains("17 labels of your own at the most"), said);
    try (sink;
        Export export = new Export(sink.address(), environment)) {
      export.window(ProfileType.CPU);
      Map<String, String> labels = await(1).get(0).labels();
      assertTrue(labels.containsKey("l16") && !labels.containsKey("l17"), labels::toString);
      assertTrue(labels.size() <= 30 - 5, labels::toString); // a route, a class, three of baggage
    }
  }

  @Test
  void labels_areTheServicesAndTheUsers() {
    try (sink;
        Export export =
            new Export(
                sink.address(),
                "PYROSCOPE_LABELS",
                "region=eu,service_repository=https://example.org/shop,1x=y")) {
      export.window(ProfileType.CPU);
      assertEquals(
          new TreeMap<>(
              Map.of(
                  "__name__", "process_cpu",
                  "__delta__", "false",
                  "service_name", "shop",
                  "pyroscope_spy", "javaspy",
                  "region", "eu",
                  "service_repository", "https://example.org/shop",
                  "service_namespace", "demo",
                  "service_git_ref", "abc123")),
          await(1).get(0).labels());
    }
  }

  @Test
  void labels_ofTheApplicationsName_countToo() {
    try (sink;
        Export export =
            new Export(sink.address() + "/", "PYROSCOPE_APPLICATION_NAME", "cart{zone=b, pod=c}")) {
      export.window(ProfileType.CPU);
      Map<String, String> labels = await(1).get(0).labels();
      assertEquals("cart", labels.get("service_name"));
      assertEquals("b", labels.get("zone"));
      assertEquals("c", labels.get("pod"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"push", "ingest", "jfr"})
  void uploads_areAsSmallAsTheyAreToBe(String endpoint) throws IOException {
    int stored = sent(endpoint, "no_compression");
    int fast = sent(endpoint, "");
    assertTrue(fast < stored, stored + " bytes are packed to " + fast);
    assertEquals(fast, sent(endpoint, "1"));
    assertTrue(sent(endpoint, "BEST_COMPRESSION") < fast);
  }

  private static int sent(String endpoint, String level) throws IOException {
    try (PyroscopeSink sink = new PyroscopeSink();
        Export export =
            new Export(
                sink.address(),
                "SONDE_PYROSCOPE_ENDPOINT",
                endpoint,
                "PYROSCOPE_EXPORT_COMPRESSION_LEVEL_JFR",
                level)) {
      if (endpoint.equals("jfr")) {
        byte[] words = "a recording with these words again and again ".repeat(200).getBytes(UTF_8);
        long now = System.currentTimeMillis() * 1_000_000;
        export.exporter.recording(now, now + 1, 20_000_000, new ByteArrayInputStream(words));
      } else {
        export.window(1_800_000_000_000L, ProfileType.CPU);
      }
      export.await(() -> !sink.requests().isEmpty(), "a request");
      return sink.requests().get(0).bytes();
    }
  }

  @Test
  void recordingThatIsTooLarge_isCountedAndNotSent() throws IOException {
    try (sink;
        Export export = new Export(sink.address(), "SONDE_PYROSCOPE_ENDPOINT", "jfr")) {
      byte[] large = new byte[Recorded.MOST + 1];
      export.exporter.recording(1, 2, 20_000_000, new ByteArrayInputStream(large));
      assertEquals(1, export.count(Outcome.FAILED));
      assertEquals(List.of(), sink.requests());
    }
  }

  @Test
  void recordingThatIsWithheld_isCountedAndSaidOnce() {
    try (sink;
        Export export = new Export(sink.address(), "SONDE_PYROSCOPE_ENDPOINT", "jfr")) {
      for (int i = 0; i < 2; i++) {
        export.exporter.withheld("it holds passwords");
        export.window(ProfileType.CPU);
      }
      assertEquals(2, export.count(Outcome.FAILED));
      assertEquals(1, export.said.size(), export.said::toString);
      assertTrue(export.said.get(0).contains("it holds passwords"), export.said::toString);
      assertEquals(List.of(), sink.requests());
    }
  }

  @Test
  void engineWithoutRecordings_isSaidOnce() {
    try (sink;
        Export export = new Export(sink.address(), "SONDE_PYROSCOPE_ENDPOINT", "jfr")) {
      export.window(ProfileType.CPU);
      export.window(ProfileType.CPU);
      assertEquals(1, export.said.size(), export.said::toString);
      assertTrue(export.said.get(0).contains("makes no recordings"), export.said::toString);
      assertEquals(List.of(), sink.requests());
    }
  }

  @Test
  void ingest_carriesLabelsInTheName() {
    try (sink;
        Export export =
            new Export(
                sink.address(),
                "SONDE_PYROSCOPE_ENDPOINT",
                "ingest",
                "PYROSCOPE_LABELS",
                "region=eu=1")) {
      export.window(1_800_000_000_000L, ProfileType.CPU);
      Map<String, String> labels = await(1).get(0).labels();
      assertEquals("shop", labels.get("service_name"));
      assertEquals("eu_1", labels.get("region"));
      assertEquals("javaspy", labels.get("pyroscope_spy"));
      String path = sink.requests().get(0).path();
      assertEquals(
          "&from=1800000000&until=1800000015&spyName=javaspy", path.substring(path.indexOf("&")));
    }
  }

  @Test
  void basicAuth_goesBeforeTheToken_andHeadersAreSent() {
    try (sink;
        Export export =
            new Export(
                sink.address(),
                "PYROSCOPE_BASIC_AUTH_USER",
                "me",
                "PYROSCOPE_BASIC_AUTH_PASSWORD",
                "secret",
                "PYROSCOPE_AUTH_TOKEN",
                "t0ken",
                "PYROSCOPE_TENANT_ID",
                "team-a",
                "PYROSCOPE_HTTP_HEADERS",
                "{\"X-One\": \"1\", \"X-Two\":\"a\\\"b\\u0041\"}")) {
      export.window(ProfileType.CPU);
      await(1);
      Request request = sink.requests().get(0);
      assertEquals("Basic bWU6c2VjcmV0", request.header("authorization"));
      assertEquals("team-a", request.header("x-scope-orgid"));
      assertEquals("1", request.header("x-one"));
      assertEquals("a\"bA", request.header("x-two"));
    }
  }

  @Test
  void token_isABearer() {
    try (sink;
        Export export =
            new Export(
                sink.address(),
                "PYROSCOPE_AUTH_TOKEN",
                "t0ken",
                "PYROSCOPE_HTTP_HEADERS",
                "X-One=1")) {
      export.window(ProfileType.CPU);
      await(1);
      assertEquals("Bearer t0ken", sink.requests().get(0).header("authorization"));
      assertEquals("1", sink.requests().get(0).header("x-one"));
    }
  }

  @Test
  void userOfTheAddress_isSent() {
    String address = sink.address().replace("http://", "http://me:secret@");
    try (sink;
        Export export = new Export(address)) {
      export.window(ProfileType.CPU);
      await(1);
      assertEquals("Basic bWU6c2VjcmV0", sink.requests().get(0).header("authorization"));
    }
  }
}
