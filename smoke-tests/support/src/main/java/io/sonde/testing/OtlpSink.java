package io.sonde.testing;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An OTLP receiver in this process: what an agent under test exports ends here, decoded by
 * OpenTelemetry's own protocol classes.
 *
 * <p>Spans are kept with their resource and scope, and profiles, which are read strictly; metrics
 * and logs are accepted and counted. Safe for use by many threads.
 */
public final class OtlpSink implements AutoCloseable {
  private final SpanStore store;
  private final Receiver receiver;

  /** How spans come in. */
  interface Receiver {
    int port();

    void close();
  }

  private OtlpSink(SpanStore store, Receiver receiver) {
    this.store = store;
    this.receiver = receiver;
  }

  /** Receives HTTP/protobuf, gzip or not, on a free loopback port. */
  public static OtlpSink http() {
    return http(0);
  }

  /** Receives HTTP/protobuf on this loopback port. */
  public static OtlpSink http(int port) {
    return http(port, new SpanStore(true), Map.of());
  }

  /** Receives gRPC on a free loopback port. */
  public static OtlpSink grpc() {
    return grpc(0);
  }

  /** Receives gRPC on this loopback port. */
  public static OtlpSink grpc(int port) {
    SpanStore store = new SpanStore(true);
    return new OtlpSink(store, new GrpcReceiver(port, store));
  }

  /** Receives HTTP/protobuf and counts spans without decoding or keeping them. */
  public static OtlpSink counting() {
    return http(0, new SpanStore(false), Map.of());
  }

  /** With pages for GET beside {@code /count}. */
  static OtlpSink http(int port, SpanStore store, Map<String, Supplier<String>> more) {
    Map<String, Supplier<String>> pages = new HashMap<>(more);
    pages.put("/count", () -> store.counts().json());
    try {
      return new OtlpSink(store, new HttpReceiver(port, store, pages));
    } catch (IOException e) {
      throw new IllegalStateException("cannot listen on port " + port + ": " + e.getMessage(), e);
    }
  }

  public int port() {
    return receiver.port();
  }

  /** For {@code OTEL_EXPORTER_OTLP_ENDPOINT}. */
  public String endpoint() {
    return "http://127.0.0.1:" + port();
  }

  /** For {@code OTEL_EXPORTER_OTLP_PROTOCOL}. */
  public String protocol() {
    return receiver instanceof GrpcReceiver ? "grpc" : "http/protobuf";
  }

  /** What has arrived since the start, kept or not. */
  public Counts counts() {
    return store.counts();
  }

  /** What has arrived since the start: spans, bytes after decompression, requests of any signal. */
  public record Counts(long spans, long bytes, long requests) {
    String json() {
      return "{\"spans\":" + spans + ",\"bytes\":" + bytes + ",\"requests\":" + requests + "}";
    }
  }

  /** A request of any signal, in order of arrival; header names are in lower case. */
  public record Request(String path, Map<String, String> headers, int bytes) {
    /** The header's value, or null. */
    public @Nullable String header(String name) {
      return headers.get(name.toLowerCase(Locale.ROOT));
    }
  }

  /** The requests since the start or the last {@link #clear}. */
  public List<Request> requests() {
    return store.requests();
  }

  /** The spans since the start or the last {@link #clear}, in order of arrival. */
  public List<ReceivedSpan> spans() {
    return store.spans();
  }

  /**
   * The profiles since the start or the last {@link #clear}, each of one value a sample, with the
   * resource's attributes as labels, and a sample's link as its labels {@code trace_id} and {@code
   * span_id}.
   */
  public List<ReceivedProfile> profiles() {
    return store.profiles();
  }

  /** Waits until at least {@code count} profiles match and returns all that do. */
  public List<ReceivedProfile> awaitProfiles(
      String what, Predicate<ReceivedProfile> filter, int count, Duration timeout) {
    return store.await(
        timeout,
        () -> {
          List<ReceivedProfile> found = store.profiles().stream().filter(filter).toList();
          return found.size() >= count ? found : null;
        },
        () ->
            "expected %d of %s, got %s"
                .formatted(
                    count, what, store.profiles().stream().map(ReceivedProfile::types).toList()));
  }

  /** The spans by trace, in order of the first arrival. */
  public List<Trace> traces() {
    return store.traces();
  }

  /** Forgets spans and requests; the counts go on. */
  public void clear() {
    store.clear();
  }

  /** Waits until at least {@code count} spans match and returns all that do. */
  public List<ReceivedSpan> awaitSpans(
      Predicate<ReceivedSpan> filter, int count, Duration timeout) {
    return store.await(
        timeout,
        () -> {
          List<ReceivedSpan> found = store.spans().stream().filter(filter).toList();
          return found.size() >= count ? found : null;
        },
        () -> {
          long found = store.spans().stream().filter(filter).count();
          return "expected " + count + " matching spans, got " + found;
        });
  }

  /** Waits until at least {@code count} spans are there and returns all. */
  public List<ReceivedSpan> awaitSpans(int count, Duration timeout) {
    return awaitSpans(span -> true, count, timeout);
  }

  /** Waits for a trace of at least {@code spans} spans and returns the first. */
  public Trace awaitTrace(int spans, Duration timeout) {
    return awaitTrace("at least " + spans + " spans", t -> t.spans().size() >= spans, timeout);
  }

  /** Waits for a trace that matches and returns the first. */
  public Trace awaitTrace(String description, Predicate<Trace> filter, Duration timeout) {
    return store.await(
        timeout,
        () -> store.traces().stream().filter(filter).findFirst().orElse(null),
        () -> "expected a trace with " + description + ", got none");
  }

  /**
   * Waits until no more spans come from a program that has made all of its own, ends it, by which
   * it sends what a busy machine has kept it from sending, and returns all.
   */
  public List<ReceivedSpan> awaitAll(ForkedJvm jvm, Duration timeout) {
    awaitSpans(1, timeout);
    awaitQuiet(Duration.ofMillis(300), timeout);
    jvm.stop(timeout);
    return store.spans();
  }

  /** Waits until no span has arrived for this long, and returns all spans. */
  public List<ReceivedSpan> awaitQuiet(Duration quiet, Duration timeout) {
    store.awaitQuiet(quiet, timeout);
    return store.spans();
  }

  @Override
  public void close() {
    receiver.close();
  }

  /** See {@link SinkCommand}. */
  public static void main(String[] args) throws InterruptedException {
    SinkCommand.run(args);
  }
}
