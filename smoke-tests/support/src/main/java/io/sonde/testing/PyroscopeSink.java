package io.sonde.testing;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A Pyroscope double in this process: takes push.v1 and /ingest, reads every profile strictly and
 * keeps it. Safe for use by many threads.
 */
public final class PyroscopeSink implements AutoCloseable {
  private final HttpServer server;
  private final ExecutorService threads;
  private final List<ReceivedProfile> profiles = new ArrayList<>();
  private final List<OtlpSink.Request> requests = new ArrayList<>();
  private final List<String> problems = new ArrayList<>();
  private final List<Fault> faults = new ArrayList<>();
  private final IngestionLimit limit = new IngestionLimit();

  /** An answer that takes nothing; a status of 0 breaks the connection. */
  public record Fault(int status, Map<String, String> headers, String body, Duration delay) {
    /** A plain one. */
    public static Fault status(int status) {
      return new Fault(status, Map.of(), "", Duration.ZERO);
    }
  }

  /** On a free loopback port. */
  public PyroscopeSink() {
    this(0);
  }

  /** On this loopback port. */
  public PyroscopeSink(int port) {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    } catch (IOException e) {
      throw new IllegalStateException("cannot listen on port " + port, e);
    }
    threads =
        Executors.newFixedThreadPool(
            2,
            task -> {
              Thread thread = new Thread(task, "pyroscope-sink");
              thread.setDaemon(true);
              return thread;
            });
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  /** For {@code PYROSCOPE_SERVER_ADDRESS}. */
  public String address() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** Answers the next requests like this, one after the other; then all is taken again. */
  public synchronized void fail(Fault... next) {
    faults.addAll(List.of(next));
  }

  /** What has arrived, in order. */
  public synchronized List<ReceivedProfile> profiles() {
    return List.copyOf(profiles);
  }

  /** All requests, in order; header names are in lower case. */
  public synchronized List<OtlpSink.Request> requests() {
    return List.copyOf(requests);
  }

  /** What could not be read. */
  public synchronized List<String> problems() {
    return List.copyOf(problems);
  }

  /** Waits until so many profiles match and returns all that do. */
  public synchronized List<ReceivedProfile> await(
      String what, Predicate<ReceivedProfile> filter, int count, Duration timeout) {
    long deadline = System.nanoTime() + timeout.toNanos();
    for (; ; ) {
      List<ReceivedProfile> found = profiles.stream().filter(filter).toList();
      if (found.size() >= count) {
        return found;
      }
      long left = (deadline - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        throw new AssertionError(
            "expected %d of %s, got %d of %s; problems: %s"
                .formatted(
                    count,
                    what,
                    found.size(),
                    profiles.stream().map(ReceivedProfile::types).toList(),
                    problems));
      }
      try {
        wait(left);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      Map<String, String> headers = new TreeMap<>();
      exchange
          .getRequestHeaders()
          .forEach(
              (name, values) ->
                  headers.put(name.toLowerCase(Locale.ROOT), String.join(",", values)));
      Fault fault = arrived(exchange.getRequestURI().toString(), headers, body.length);
      if (fault != null) {
        fail(exchange, fault);
        return;
      }
      answer(exchange, headers.getOrDefault("content-type", ""), body);
    }
  }

  private synchronized @Nullable Fault arrived(
      String path, Map<String, String> headers, int bytes) {
    requests.add(new OtlpSink.Request(path, headers, bytes));
    notifyAll();
    return faults.isEmpty() ? null : faults.remove(0);
  }

  private static void fail(HttpExchange exchange, Fault fault) throws IOException {
    try {
      Thread.sleep(fault.delay.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (fault.status == 0) {
      return; // closing the exchange unanswered closes the connection
    }
    fault.headers.forEach(exchange.getResponseHeaders()::set);
    byte[] body = fault.body.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(fault.status, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
  }

  private void answer(HttpExchange exchange, String type, byte[] body) throws IOException {
    String path = exchange.getRequestURI().getPath();
    try {
      List<ReceivedProfile> read;
      if (path.equals("/push.v1.PusherService/Push") && type.equals("application/proto")) {
        read = push(CodedInputStream.newInstance(body));
        exchange.getResponseHeaders().set("Content-Type", "application/proto");
      } else if (path.equals("/ingest")) {
        read = List.of(IngestForm.read(exchange.getRequestURI().getRawQuery(), type, body));
      } else {
        exchange.sendResponseHeaders(type.equals("application/proto") ? 404 : 415, -1);
        return;
      }
      for (ReceivedProfile one : read) {
        if (one.rawBytes() > IngestionLimit.AT_ONCE) {
          problem("a profile of " + one.rawBytes() + " bytes, which never comes through");
        }
      }
      boolean taken = limit.takes(read.stream().mapToLong(ReceivedProfile::rawBytes).sum());
      if (taken) {
        keep(read);
      }
      exchange.sendResponseHeaders(taken ? 200 : 429, -1);
    } catch (IOException | IllegalArgumentException e) {
      problem(path + ": " + e.getMessage());
      exchange.sendResponseHeaders(400, -1);
    }
  }

  private synchronized void keep(List<ReceivedProfile> read) {
    profiles.addAll(read);
    notifyAll();
  }

  private synchronized void problem(String text) {
    problems.add(text);
    notifyAll();
  }

  private static List<ReceivedProfile> push(CodedInputStream in) throws IOException {
    List<ReceivedProfile> read = new ArrayList<>();
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (WireFormat.getTagFieldNumber(tag) != 1) {
        throw new IOException("unexpected field of PushRequest");
      }
      series(in.readBytes().newCodedInput(), read);
    }
    return read;
  }

  private static void series(CodedInputStream in, List<ReceivedProfile> read) throws IOException {
    Map<String, String> labels = new TreeMap<>();
    List<ByteString> samples = new ArrayList<>();
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      ByteString[] pair = pair(in.readBytes());
      if (WireFormat.getTagFieldNumber(tag) == 1) {
        if (labels.put(pair[0].toStringUtf8(), pair[1].toStringUtf8()) != null) {
          throw new IOException("label twice: " + pair[0].toStringUtf8());
        }
      } else {
        java.util.UUID.fromString(pair[1].toStringUtf8());
        samples.add(pair[0]);
      }
    }
    for (ByteString sample : samples) {
      read.add(ReceivedProfile.of(labels, sample.toByteArray()));
    }
  }

  /** The first two fields, both of bytes. */
  private static ByteString[] pair(ByteString bytes) throws IOException {
    ByteString[] pair = {ByteString.EMPTY, ByteString.EMPTY};
    CodedInputStream in = bytes.newCodedInput();
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      pair[WireFormat.getTagFieldNumber(tag) - 1] = in.readBytes();
    }
    return pair;
  }

  static String decode(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }
}
