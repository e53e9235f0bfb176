package io.sonde.overhead;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.GZIPInputStream;
import jdk.jfr.consumer.RecordingFile;

/**
 * Takes profiles as Pyroscope does, push.v1 and /ingest, and counts them: how many came, how large
 * they were, and the samples in them, which are stacks with their values in pprof and events in
 * recordings.
 */
final class ProfileSink implements AutoCloseable {
  private final HttpServer server;
  private final ExecutorService threads = Executors.newSingleThreadExecutor();
  private final AtomicLong uploads = new AtomicLong();
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicLong samples = new AtomicLong();

  /** What has arrived. */
  record Counts(long uploads, long bytes, long samples) {
    Counts since(Counts before) {
      return new Counts(uploads - before.uploads, bytes - before.bytes, samples - before.samples);
    }
  }

  ProfileSink() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext("/", this::take);
    server.start();
  }

  String address() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  Counts counts() {
    return new Counts(uploads.get(), bytes.get(), samples.get());
  }

  private void take(HttpExchange exchange) throws IOException {
    byte[] body;
    boolean push = exchange.getRequestURI().getPath().startsWith("/push");
    try (exchange) {
      body = exchange.getRequestBody().readAllBytes();
      if (push) {
        exchange.getResponseHeaders().set("Content-Type", "application/proto");
      }
      exchange.sendResponseHeaders(200, -1);
    }
    uploads.incrementAndGet();
    bytes.addAndGet(body.length);
    samples.addAndGet(push ? inPush(body) : inRecording(body));
  }

  /** The samples of all series of a PushRequest. */
  private static long inPush(byte[] request) throws IOException {
    long[] count = {0};
    for (byte[] series : Fields.of(request, 1)) {
      for (byte[] sample : Fields.of(series, 2)) {
        for (byte[] profile : Fields.of(sample, 1)) {
          count[0] += Fields.of(unzipped(profile, 0), 2).size();
        }
      }
    }
    return count[0];
  }

  /** The events of the recording that stands in a form, zipped or not. */
  private static long inRecording(byte[] form) throws IOException {
    Path file = Files.createTempFile("sonde-overhead", ".jfr");
    try {
      for (int i = 0; i + 4 < form.length; i++) {
        boolean zipped = form[i] == 0x1f && form[i + 1] == (byte) 0x8b && form[i + 2] == 8;
        boolean plain =
            form[i] == 'F' && form[i + 1] == 'L' && form[i + 2] == 'R' && form[i + 3] == 0;
        if (zipped || plain) {
          Files.write(
              file,
              zipped ? unzipped(form, i) : java.util.Arrays.copyOfRange(form, i, form.length));
          return events(file);
        }
      }
      return 0;
    } finally {
      Files.delete(file);
    }
  }

  private static long events(Path file) {
    long count = 0;
    try (RecordingFile recording = new RecordingFile(file)) {
      while (recording.hasMoreEvents()) {
        if (recording.readEvent().getStackTrace() != null) {
          count++;
        }
      }
    } catch (IOException | InternalError e) {
      // The form goes on behind the recording, or it has a pool of nothing, which JDKs do not read.
    }
    return count;
  }

  private static byte[] unzipped(byte[] bytes, int from) throws IOException {
    try (GZIPInputStream in =
        new GZIPInputStream(new ByteArrayInputStream(bytes, from, bytes.length - from))) {
      return in.readAllBytes();
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
