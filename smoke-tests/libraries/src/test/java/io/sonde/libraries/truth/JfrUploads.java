package io.sonde.libraries.truth;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;

/**
 * Takes flight recordings as Pyroscope's own agent uploads them, and reads each sample's span where
 * Pyroscope reads it: in the field {@code spanId} that async-profiler's build there has.
 */
final class JfrUploads implements TruthRun.Profiles, AutoCloseable {
  private static final String BLANK = "\r\n\r\n";

  private final HttpServer server;
  private final List<TruthSample> samples = new ArrayList<>();
  private final List<String> problems = new ArrayList<>();
  private Instant last = Instant.EPOCH;

  JfrUploads() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/ingest", this::take);
    server.start();
  }

  String address() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  synchronized List<TruthSample> all() {
    return List.copyOf(samples);
  }

  synchronized List<String> problems() {
    return List.copyOf(problems);
  }

  @Override
  public synchronized int samples() {
    return (int) samples.stream().filter(one -> one.kind() == TruthSample.Kind.CPU).count();
  }

  @Override
  public synchronized boolean begunAfter(long epochNanos) {
    return !samples.isEmpty() && last.toEpochMilli() >= epochNanos / 1_000_000;
  }

  @Override
  public void close() {
    server.stop(0);
  }

  private void take(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      Path file = Files.createTempFile("upload", ".jfr");
      try {
        Files.write(file, recording(body));
        read(file);
      } catch (IOException | RuntimeException e) {
        problem(e.toString());
      } finally {
        Files.delete(file);
      }
      exchange.sendResponseHeaders(200, -1);
    }
  }

  private synchronized void problem(String text) {
    problems.add(text);
  }

  /** The part of that name, unpacked. */
  private static byte[] recording(byte[] body) throws IOException {
    String text = new String(body, StandardCharsets.ISO_8859_1);
    int part = text.indexOf("name=\"jfr\"");
    int start = text.indexOf(BLANK, part) + BLANK.length();
    String boundary = text.substring(0, text.indexOf("\r\n"));
    int end = text.indexOf("\r\n" + boundary, start);
    if (part < 0 || end < 0) {
      throw new IOException("no recording in " + text.substring(0, Math.min(200, text.length())));
    }
    byte[] packed = text.substring(start, end).getBytes(StandardCharsets.ISO_8859_1);
    if (packed[0] == 'F') {
      return packed;
    }
    try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(packed))) {
      return in.readAllBytes();
    }
  }

  private void read(Path file) throws IOException {
    List<TruthSample> read = new ArrayList<>();
    Instant end = Instant.EPOCH;
    try (RecordingFile recording = new RecordingFile(file)) {
      while (recording.hasMoreEvents()) {
        RecordedEvent event = recording.readEvent();
        TruthSample.Kind kind = kind(event.getEventType().getName());
        if (kind != TruthSample.Kind.OTHER && event.getStackTrace() != null) {
          read.add(new TruthSample(kind, stack(event), span(event)));
          end = event.getStartTime().isAfter(end) ? event.getStartTime() : end;
        }
      }
    }
    synchronized (this) {
      samples.addAll(read);
      last = end.isAfter(last) ? end : last;
    }
  }

  private static TruthSample.Kind kind(String event) {
    return switch (event) {
      case "jdk.ExecutionSample" -> TruthSample.Kind.CPU;
      case "jdk.JavaMonitorEnter", "jdk.ThreadPark" -> TruthSample.Kind.LOCK;
      case "jdk.ObjectAllocationInNewTLAB", "jdk.ObjectAllocationOutsideTLAB" ->
          TruthSample.Kind.ALLOCATION;
      default -> TruthSample.Kind.OTHER;
    };
  }

  private static List<String> stack(RecordedEvent event) {
    return event.getStackTrace().getFrames().stream()
        .map(frame -> frame.getMethod())
        .map(method -> method.getType().getName() + '.' + method.getName())
        .toList();
  }

  private static String span(RecordedEvent event) {
    long id = event.hasField("spanId") ? event.getLong("spanId") : 0;
    return id == 0 ? "" : String.format(Locale.ROOT, "%016x", id);
  }
}
