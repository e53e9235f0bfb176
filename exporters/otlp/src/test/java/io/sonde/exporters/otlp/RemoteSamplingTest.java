package io.sonde.exporters.otlp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.CodedOutputStream;
import io.grpc.Status;
import io.sonde.core.ClientSpan;
import io.sonde.core.Propagation;
import io.sonde.core.Tracing;
import io.sonde.settings.Settings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What Jaeger's sampling manager answers decides which calls carry the sampled flag. */
class RemoteSamplingTest {
  private static final String OPERATIONS = "2 operations with their own";

  private final List<String> said = new CopyOnWriteArrayList<>();
  private volatile String state = "";
  private RemoteSampling sampling;
  private Settings settings;

  private void start(String argument) {
    Map<String, String> environment = Map.of("OTEL_TRACES_SAMPLER_ARG", argument);
    settings = new Settings(name -> null, environment::get);
    sampling = RemoteSampling.of(settings);
    Tracing.start(sampling.initial(), Propagation.of("tracecontext"), null);
    RemoteSampling.Surroundings surroundings =
        new RemoteSampling.Surroundings() {
          @Override
          public String service() {
            return "shöp";
          }

          @Override
          public void warn(String line) {
            said.add(line);
          }

          @Override
          public void sampling(String now) {
            state = now;
          }
        };
    Thread thread = new Thread(sampling.in(surroundings));
    thread.setDaemon(true);
    thread.start();
  }

  @AfterEach
  void stop() {
    sampling.stop();
    Tracing.stop();
  }

  private static int sampledOf(int calls, String method) {
    int sampled = 0;
    for (int i = 0; i < calls; i++) {
      Map<String, String> headers = new TreeMap<>();
      ClientSpan call = ClientSpan.start(method);
      call.inject(headers, Map::put);
      call.end();
      sampled += headers.get("traceparent").charAt(54) & 1;
    }
    return sampled;
  }

  private void await(BooleanSupplier condition) throws InterruptedException {
    long end = System.nanoTime() + 20_000_000_000L;
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < end, () -> state + " " + said);
      Thread.sleep(10);
    }
  }

  private interface Part {
    void write(CodedOutputStream out) throws IOException;
  }

  private static byte[] message(Part... parts) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    for (Part part : parts) {
      part.write(out);
    }
    out.flush();
    return bytes.toByteArray();
  }

  private static byte[] ratio(double ratio) throws IOException {
    byte[] inner = message(out -> out.writeDouble(1, ratio));
    return message(out -> out.writeEnum(1, 0), out -> out.writeByteArray(2, inner));
  }

  private static byte[] perSecond(int traces) throws IOException {
    byte[] inner = message(out -> out.writeInt32(1, traces));
    return message(out -> out.writeEnum(1, 1), out -> out.writeByteArray(3, inner));
  }

  private static byte[] operation(String name, double ratio) throws IOException {
    byte[] inner = message(out -> out.writeDouble(1, ratio));
    return message(out -> out.writeString(1, name), out -> out.writeByteArray(2, inner));
  }

  @Test
  void probabilities_areFollowed_asTheyChange() throws Exception {
    try (JaegerDouble jaeger = new JaegerDouble(ratio(1))) {
      start("endpoint=" + jaeger.endpoint() + ",pollingIntervalMs=100,initialSamplingRate=0");
      await(() -> state.startsWith("a share of 1.0;"));
      assertEquals(100, sampledOf(100, "GET"));
      jaeger.answer = ratio(0.5);
      await(() -> state.startsWith("a share of 0.5;"));
      int half = sampledOf(10_000, "GET");
      assertTrue(Math.abs(half - 5000) < 300, "sampled " + half);
      assertArrayEquals(message(out -> out.writeString(1, "shöp")), sent(jaeger));
      assertEquals(List.of(), said);
      assertEquals(List.of(), settings.problems());
    }
  }

  /** A length may take more bytes than it needs; read back it is the same message. */
  private static byte[] sent(JaegerDouble jaeger) throws IOException {
    String name = new Fields(jaeger.requests.get(0)).text(1);
    return message(out -> out.writeString(1, name));
  }

  @Test
  void rateLimit_isKept_overAnswersThatSayTheSame() throws Exception {
    try (JaegerDouble jaeger = new JaegerDouble(perSecond(50))) {
      start("endpoint=" + jaeger.endpoint() + ",pollingIntervalMs=100,initialSamplingRate=0");
      await(() -> state.startsWith("50 traces a second;"));
      long began = System.nanoTime();
      int sampled = 0;
      int enough = jaeger.requests.size() + 4;
      while (jaeger.requests.size() < enough) {
        sampled += sampledOf(100, "GET");
      }
      double seconds = (System.nanoTime() - began) / 1e9;
      assertTrue(sampled >= 50 && sampled <= 51 + 50 * seconds, sampled + " in " + seconds + " s");
    }
  }

  @Test
  void operations_haveTheirOwnProbability() throws Exception {
    byte[] get = operation("GET", 1);
    byte[] post = operation("POST", 0);
    byte[] inner =
        message(
            out -> out.writeDouble(1, 0.5),
            out -> out.writeDouble(2, 1),
            out -> out.writeByteArray(3, get),
            out -> out.writeByteArray(3, post));
    byte[] service = message(out -> out.writeDouble(1, 0.1));
    byte[] all =
        message(out -> out.writeByteArray(2, service), out -> out.writeByteArray(4, inner));
    try (JaegerDouble jaeger = new JaegerDouble(all)) {
      start("endpoint=" + jaeger.endpoint());
      await(() -> state.contains(OPERATIONS));
      assertEquals(1000, sampledOf(1000, "GET"));
      assertEquals(0, sampledOf(1000, "POST"));
      int other = sampledOf(1000, "PUT");
      assertTrue(Math.abs(other - 500) < 120, "sampled " + other);
    }
  }

  @Test
  void failures_keepWhatWasLast_andAreCounted() throws Exception {
    try (JaegerDouble jaeger = new JaegerDouble(ratio(1))) {
      start("endpoint=" + jaeger.endpoint() + ",pollingIntervalMs=100,initialSamplingRate=0");
      await(() -> state.startsWith("a share of 1.0;"));
      jaeger.status = Status.UNAVAILABLE.withDescription("starting");
      await(() -> state.contains("UNAVAILABLE") || !state.endsWith(" 0 failures"));
      jaeger.status = Status.OK;
      Random random = new Random(7);
      for (byte[] garbage : List.of(new byte[0], new byte[] {34, 127}, ratio(7), perSecond(-1))) {
        random.nextBytes(garbage.length > 2 ? new byte[0] : garbage);
        jaeger.answer = garbage;
        int before = jaeger.requests.size();
        await(() -> jaeger.requests.size() > before + 1);
      }
      assertEquals(100, sampledOf(100, "GET"));
      String line =
          "no sampling strategy from "
              + jaeger.endpoint()
              + ": gRPC status UNAVAILABLE starting; what was answered last stays, at first initialSamplingRate=0.0";
      assertTrue(said.contains(line), said::toString);
      assertTrue(said.stream().distinct().count() <= 3, said::toString);
    }
  }

  @Test
  void nobodyThere_keepsTheInitialRate() throws Exception {
    start("endpoint=http://127.0.0.1:1,pollingIntervalMs=100,initialSamplingRate=1");
    await(
        () ->
            state.matches("a share of 1.0, the initial one; 0 answers, ([2-9]|\\d\\d+) failures"));
    assertEquals(100, sampledOf(100, "GET"));
    assertEquals(1, said.stream().distinct().count(), said::toString);
    assertTrue(said.get(0).contains("http://127.0.0.1:1: nothing listens there;"), said.get(0));
  }

  @Test
  void argumentsThatCannotBeUsed_areSaid_theOthersCount() {
    start("endpoint=http:///x,endpoint=nonsense,initialSamplingRate=1,pollingIntervalMs=-1,what");
    assertEquals(1, settings.problems().size());
    assertTrue(settings.problems().get(0).contains("expected endpoint=http://localhost:14250"));
    assertEquals(100, sampledOf(100, "GET"));
  }
}
