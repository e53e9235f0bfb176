package io.sonde.exporters.otlp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.profiles.v1development.Link;
import io.opentelemetry.proto.profiles.v1development.ProfilesDictionary;
import io.sonde.core.Delivery;
import io.sonde.core.Delivery.Outcome;
import io.sonde.core.Protobuf;
import io.sonde.profiler.pprof.FrameKind;
import io.sonde.profiler.pprof.Profile;
import io.sonde.profiler.pprof.ProfileType;
import io.sonde.profiler.pprof.SeriesLabels;
import io.sonde.testing.OtlpSink;
import io.sonde.testing.Ports;
import io.sonde.testing.ReceivedProfile;
import io.sonde.testing.ReceivedProfile.Sample;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Profiles over OTLP, read strictly by OpenTelemetry's own classes. */
final class ProfileExporterTest {
  private static final String ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT";
  private static final String EXPORTER = "SONDE_PROFILES_EXPORTER";

  /** A MiB of profiles, and what says where they are from. */
  private static final int MOST = 5 << 18;

  private static final Duration LONG = Duration.ofSeconds(60);
  private static final long START = 1_790_000_000_000_000_000L;
  private static final long NANOS = 15_000_000_000L;

  /** An exporter under test. */
  private static final class Exporting implements ProfileExporter.Surroundings, AutoCloseable {
    final List<String> said = new CopyOnWriteArrayList<>();
    final Delivery delivery = new Delivery();
    final ProfileExporter exporter;
    final Thread thread;

    Exporting(long capacity, long requestMillis, String... environment) {
      Target target = Target.ofProfiles(Export.settings(environment));
      if (target == null) {
        throw new IllegalArgumentException("no target");
      }
      exporter = new ProfileExporter(target, delivery, this, capacity, requestMillis, 20);
      thread = new Thread(exporter, "sonde-otlp-profiles");
      thread.setDaemon(true);
      thread.start();
    }

    void window(Profile... profiles) {
      exporter.window(START, START + NANOS, List.of(profiles));
    }

    void await(BooleanSupplier condition, String what) {
      for (int i = 0; i < 6000 && !condition.getAsBoolean(); i++) {
        Export.sleep(5);
      }
      if (!condition.getAsBoolean()) {
        fail("expected " + what + ": " + delivery + ", said " + said);
      }
    }

    @Override
    public Map<String, Object> resource() {
      return Map.of("service.name", "shop", "process.pid", 42L);
    }

    @Override
    public String version() {
      return "1.2.3";
    }

    @Override
    public void warn(String line) {
      said.add(line);
    }

    @Override
    public void close() {
      exporter.stop();
      try {
        thread.join(10_000);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Random stacks, in spans and out of them, of so many samples. */
  private static Profile profile(ProfileType type, int samples, int names) {
    return profile(type, samples, names, "com.acme.Type");
  }

  private static Profile profile(ProfileType type, int samples, int names, String start) {
    Random random = new Random(samples);
    Profile profile = new Profile(type);
    if (type == ProfileType.CPU) {
      profile.period(20_000_000);
    }
    for (int i = 0; i < samples; i++) {
      int[] frames = new int[1 + random.nextInt(30)];
      for (int j = 0; j < frames.length; j++) {
        int name = random.nextInt(names);
        FrameKind kind = name % 7 == 0 ? FrameKind.NATIVE : FrameKind.JAVA;
        frames[j] = profile.frame(start + name, "métier", "()V", null, name % 90, kind);
      }
      int stack = profile.stack(frames, frames.length, i % 5 == 0);
      String labels =
          SeriesLabels.of("/orders/" + i % 3, SeriesLabels.label("k6_scenario", "s" + i % 2));
      boolean inSpan = i % 2 == 0;
      long span = inSpan ? 1 + random.nextInt(50) : 0;
      profile.add(stack, span, span == 0 ? 0 : span << 40, span, labels, 1 + i, 1000L + i);
    }
    return profile;
  }

  @ParameterizedTest
  @CsvSource({"http,none", "http,gzip", "grpc,none", "grpc,gzip"})
  void window_arrivesAsItsPprofIs(String protocol, String compression) {
    try (OtlpSink sink = protocol.equals("grpc") ? OtlpSink.grpc() : OtlpSink.http();
        Exporting export =
            new Exporting(
                16 << 20,
                10_000,
                EXPORTER,
                "otlp",
                ENDPOINT,
                sink.endpoint(),
                "OTEL_EXPORTER_OTLP_PROTOCOL",
                sink.protocol(),
                "OTEL_EXPORTER_OTLP_PROFILES_COMPRESSION",
                compression,
                "OTEL_EXPORTER_OTLP_HEADERS",
                "X-Tenant=a%20b")) {
      Profile cpu = profile(ProfileType.CPU, 500, 40);
      Profile allocation = profile(ProfileType.ALLOC_IN_NEW_TLAB, 300, 40);
      export.window(cpu, allocation, new Profile(ProfileType.BLOCK));
      List<ReceivedProfile> arrived = sink.awaitProfiles("profiles", any -> true, 3, LONG);

      assertEquals(
          List.of(
              "cpu:nanoseconds:cpu:nanoseconds",
              "alloc_in_new_tlab_objects:count:space:bytes",
              "alloc_in_new_tlab_bytes:bytes:space:bytes"),
          arrived.stream().map(one -> one.types().get(0)).toList());
      assertSame(cpu, 0, arrived.get(0));
      assertSame(allocation, 0, arrived.get(1));
      assertSame(allocation, 1, arrived.get(2));
      Map<String, String> labels =
          Map.of("service.name", "shop", "process.pid", "42", "scope", "io.sonde");
      for (ReceivedProfile one : arrived) {
        assertEquals(labels, one.labels());
        assertEquals(START, one.epochNanos());
        assertEquals(NANOS, one.durationNanos());
        boolean known = one.types().get(0).startsWith("cpu:");
        assertEquals(known ? 20_000_000 : 1, one.period());
      }
      export.await(() -> export.delivery.count(Outcome.EXPORTED) == 3, "three profiles");
      assertEquals("/v1development/profiles", sink.requests().get(0).path());
      assertEquals("a b", sink.requests().get(0).header("x-tenant"));
      assertEquals(List.of(), export.said);
    }
  }

  /** As the protocol would rather have it. */
  @Test
  void linkThatSaysNothing_isOfFullLength() throws Exception {
    Protobuf out = new Protobuf(0);
    new ProfileDictionary().writeTo(out);
    byte[] written = Arrays.copyOf(out.array(), out.size());
    Link none = ProfilesDictionary.parseFrom(written).getLinkTable(0);
    assertEquals(ByteString.copyFrom(new byte[16]), none.getTraceId());
    assertEquals(ByteString.copyFrom(new byte[8]), none.getSpanId());
  }

  /** Each sample of the pprof with this value is there, with its stack, span and labels. */
  private static void assertSame(Profile expected, int value, ReceivedProfile arrived) {
    ReceivedProfile pprof = ReceivedProfile.of(Map.of(), expected.encode(START, NANOS));
    assertEquals(texts(pprof, value), texts(arrived, 0));
  }

  private static Map<String, Long> texts(ReceivedProfile profile, int value) {
    Map<String, Long> texts = new TreeMap<>();
    for (Sample sample : profile.samples()) {
      List<String> frames = new ArrayList<>();
      for (ReceivedProfile.Frame frame : sample.stack()) {
        boolean isNative = frame.mapping().contains("native");
        frames.add(frame.systemName() + '@' + frame.file() + ':' + frame.line() + isNative);
      }
      String key = frames + new TreeMap<>(sample.labels()).toString();
      assertNull(texts.put(key, sample.values().get(value)), key);
    }
    return texts;
  }

  @Test
  void largeWindow_goesInRequestsThatReceiversTake() {
    try (OtlpSink sink = OtlpSink.grpc();
        Exporting export =
            new Exporting(
                64 << 20,
                10_000,
                EXPORTER,
                "otlp",
                ENDPOINT,
                sink.endpoint(),
                "OTEL_EXPORTER_OTLP_PROTOCOL",
                "grpc",
                "OTEL_EXPORTER_OTLP_TIMEOUT",
                "60000")) {
      Profile[] large = {
        profile(ProfileType.CPU, 6_000, 6_000), profile(ProfileType.ALLOC_IN_NEW_TLAB, 6_000, 6_000)
      };
      export.window(large);
      List<ReceivedProfile> arrived = sink.awaitProfiles("profiles", any -> true, 3, LONG);
      assertTrue(sink.requests().size() > 1, sink.requests().size() + " requests");
      sink.requests().forEach(r -> assertTrue(r.bytes() <= MOST, r.bytes() + " bytes"));
      assertSame(large[0], 0, arrived.get(0));
      assertSame(large[1], 1, arrived.get(2));
    }
  }

  private static Exporting toGrpc(OtlpSink sink) {
    return new Exporting(
        64 << 20,
        60_000,
        EXPORTER,
        "otlp",
        ENDPOINT,
        sink.endpoint(),
        "OTEL_EXPORTER_OTLP_PROTOCOL",
        "grpc");
  }

  @Test
  void largeProfile_isDividedBySamples() {
    try (OtlpSink sink = OtlpSink.grpc();
        Exporting export = toGrpc(sink)) {
      Profile large = profile(ProfileType.CPU, 500, 20_000, "com.acme." + "x".repeat(300));
      export.window(large);
      export.await(() -> export.delivery.count(Outcome.EXPORTED) > 1, "parts");
      export.await(() -> export.delivery.waiting() == 0, "all parts");
      assertEquals(0, export.delivery.lost(), export.delivery.toString());
      sink.requests().forEach(r -> assertTrue(r.bytes() <= MOST, r.bytes() + " bytes"));
      Map<String, Long> arrived = new TreeMap<>();
      for (ReceivedProfile part : sink.profiles()) {
        texts(part, 0).forEach((key, value) -> arrived.merge(key, value, Long::sum));
      }
      assertEquals(texts(ReceivedProfile.of(Map.of(), large.encode(START, NANOS)), 0), arrived);
    }
  }

  @Test
  void receiverAway_atTheEnd_whatIsLeftIsSaid() throws IOException {
    int port = Ports.free();
    String url = "http://127.0.0.1:" + port + "/v1development/profiles";
    try (Exporting export =
        new Exporting(16 << 20, 60_000, "OTEL_EXPORTER_OTLP_PROFILES_ENDPOINT", url)) {
      for (int i = 0; i < 5; i++) {
        export.window(profile(ProfileType.CPU, 100, 20));
      }
      export.await(() -> !export.said.isEmpty(), "a complaint");
      export.exporter.flush(10_000);
      String last = export.said.get(export.said.size() - 1);
      assertTrue(last.startsWith("4 profiles did not reach http://127.0.0.1:" + port), last);
      assertTrue(last.contains(" before the JVM ended: "), last);
      assertEquals(1, export.delivery.count(Outcome.UNREACHABLE), export.delivery.toString());
    }
  }

  @Test
  void receiverAway_theOldestGiveWay_andTheRestArrivesWhenItIsBack() throws IOException {
    int port = Ports.free();
    try (Exporting export =
        new Exporting(
            100_000, 60_000, "OTEL_EXPORTER_OTLP_PROFILES_ENDPOINT", "http://127.0.0.1:" + port)) {
      for (int i = 0; i < 100; i++) {
        export.window(profile(ProfileType.CPU, 100, 20));
      }
      export.await(() -> !export.said.isEmpty(), "a complaint");
      long lost = export.delivery.count(Outcome.QUEUE_FULL);
      assertTrue(lost > 50 && lost < 100, export.delivery.toString());
      assertEquals(100 - lost, export.delivery.waiting());
      try (OtlpSink sink = OtlpSink.http(port)) {
        // An endpoint of profiles alone is used as it is, and this one is no receiver's path.
        export.await(
            () -> export.delivery.count(Outcome.REFUSED) == 100 - lost, "the rest, refused");
        assertEquals(0, sink.profiles().size());
      }
      assertTrue(
          export.said.get(0).startsWith("profiles do not reach http://127.0.0.1:" + port),
          export.said.toString());
    }
  }

  @Test
  void requestsTime_isOver_theNextOneIsTried() throws IOException {
    int port = Ports.free();
    String url = "http://127.0.0.1:" + port + "/v1development/profiles";
    try (Exporting export =
        new Exporting(16 << 20, 100, "OTEL_EXPORTER_OTLP_PROFILES_ENDPOINT", url)) {
      export.window(profile(ProfileType.CPU, 100, 20));
      export.await(() -> export.delivery.count(Outcome.UNREACHABLE) == 1, "a loss");
      try (OtlpSink sink = OtlpSink.http(port)) {
        export.window(profile(ProfileType.CPU, 10, 20));
        sink.awaitProfiles("profiles", any -> true, 1, LONG);
      }
    }
  }

  @Test
  void choice_isAsSet() {
    Map<String, Boolean> sent = new HashMap<>();
    for (String exporter : List.of("otlp", "pyroscope,otlp", "pyroscope", "none", "")) {
      Target target =
          Target.ofProfiles(
              Export.settings(
                  EXPORTER, exporter, "OTEL_EXPORTER_OTLP_PROFILES_ENDPOINT", "http://a:4318/p"));
      sent.put(exporter, target != null);
    }
    assertEquals(
        Map.of("otlp", true, "pyroscope,otlp", true, "pyroscope", false, "none", false, "", true),
        sent);
    assertNull(Target.ofProfiles(Export.settings(ENDPOINT, "http://a:4318")));
    assertEquals(
        "http://a:4318/v1development/profiles",
        String.valueOf(
            Target.ofProfiles(Export.settings(EXPORTER, "otlp", ENDPOINT, "http://a:4318"))));
  }
}
