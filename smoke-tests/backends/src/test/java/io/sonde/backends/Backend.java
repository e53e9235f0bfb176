package io.sonde.backends;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A real server, run from the cache that {@code smoke-tests/backends/build} fills. */
final class Backend implements AutoCloseable {
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private static final Set<Process> ALIVE = ConcurrentHashMap.newKeySet();

  static {
    Runtime.getRuntime()
        .addShutdownHook(new Thread(() -> ALIVE.forEach(Process::destroyForcibly), "kill-servers"));
  }

  private final Process process;
  private final Path log;

  /** What a program said, and its exit code. */
  record Said(int code, String text) {}

  private Backend(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  /** One of a server's programs; where they are not built, the test says so and is skipped. */
  static String program(String server, String name) throws IOException, InterruptedException {
    Path folder = programs(server);
    if (folder == null) {
      abort(server + " is not built here: smoke-tests/backends/build " + server);
    }
    return folder.resolve(name).toString();
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
    return start(log, command, Map.of());
  }

  /** Starts it, with its output in that file and those variables. */
  static Backend start(Path log, List<String> command, Map<String, String> environment)
      throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.environment().putAll(environment);
    Process process = builder.start();
    ALIVE.add(process);
    return new Backend(process, log);
  }

  /** Runs a program to its end and returns what it said. */
  static Said run(Path input, String... command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command).redirectInput(input.toFile()).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Said(process.waitFor(), said);
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

  /** Waits until it listens there. */
  void awaitListening(int port, Duration timeout) throws InterruptedException {
    long end = System.nanoTime() + timeout.toNanos();
    while (System.nanoTime() < end && process.isAlive()) {
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
        if (socket.isConnected()) {
          return;
        }
      } catch (IOException e) {
        // Not yet.
      }
      Thread.sleep(100);
    }
    throw new AssertionError("nobody listens on port " + port + ", see " + log);
  }

  static HttpResponse<String> get(String url) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url)).timeout(Duration.ofSeconds(30)).build();
    return HTTP.send(request, HttpResponse.BodyHandlers.ofString());
  }

  /** Sends SIGKILL. */
  void kill() {
    process.destroyForcibly();
    close();
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
    ALIVE.remove(process);
  }
}
