package io.sonde.backends;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A real server, run from the cache that {@code smoke-tests/backends/build} fills. */
final class Backend implements AutoCloseable {
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final Process process;
  private final Path log;

  private Backend(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  /** The folder of a server's programs, or null where they are not built. */
  static @Nullable Path programs(String server) throws IOException, InterruptedException {
    Process build =
        new ProcessBuilder("bash", "build", "--cached", server)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String folder =
        new String(build.getInputStream().readAllBytes(), StandardCharsets.UTF_8).trim();
    return build.waitFor() == 0 ? Path.of(folder) : null;
  }

  /** Starts it, with its output in that file. */
  static Backend start(Path log, List<String> command) throws IOException {
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    return new Backend(process, log);
  }

  /** Waits until it answers 200 there. */
  void awaitReady(String url, Duration timeout) throws Exception {
    long end = System.nanoTime() + timeout.toNanos();
    while (System.nanoTime() < end && process.isAlive()) {
      try {
        if (get(url).statusCode() == 200) {
          return;
        }
      } catch (IOException e) {
        // Not yet.
      }
      Thread.sleep(100);
    }
    throw new AssertionError("not ready: " + url + ", see " + log);
  }

  static HttpResponse<String> get(String url) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url)).timeout(Duration.ofSeconds(30)).build();
    return HTTP.send(request, HttpResponse.BodyHandlers.ofString());
  }

  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
