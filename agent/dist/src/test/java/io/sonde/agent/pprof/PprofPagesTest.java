package io.sonde.agent.pprof;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sonde.exporters.endpoint.Endpoint;
import io.sonde.exporters.endpoint.Listen;
import io.sonde.profiler.Pulled;
import io.sonde.profiler.Pulls;
import io.sonde.settings.Settings;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Who is given profiles, by what is answered at the port. */
class PprofPagesTest {
  private static final String[] PATHS = {
    "", "profile", "allocs?seconds=1", "heap?gc=1", "wall", "exceptions"
  };
  private static final int THREADS_ALIKE = 200;
  private static final String THREADS = "goroutine?debug=1";

  private final List<String> said = Collections.synchronizedList(new ArrayList<>());
  private int port;

  /** Settings as {@code NAME=value}. */
  private void start(String... pairs) throws Exception {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    Map<String, String> environment = new TreeMap<>();
    environment.put("SONDE_HTTP_PORT", Integer.toString(port));
    for (String pair : pairs) {
      environment.put(pair.substring(0, pair.indexOf('=')), pair.substring(pair.indexOf('=') + 1));
    }
    Settings settings = new Settings(name -> null, environment::get);
    Endpoint endpoint = new Endpoint(Listen.of(settings, false), said::add);
    new PprofPages(endpoint, Served.of(settings)).add(new Asked(), new Pulls());
    Thread thread = new Thread(endpoint, "endpoint");
    thread.setDaemon(true);
    thread.start();
  }

  /** A profiler that notes that it would have been started. */
  private final class Asked implements Profiles {
    @Override
    public String ensure(Pulled what) {
      said.add("started for " + what);
      return "it is only asked";
    }

    @Override
    public @Nullable String obstacle() {
      return null;
    }
  }

  private Socket connect() throws Exception {
    for (int tries = 0; ; tries++) {
      try {
        return new Socket(InetAddress.getLoopbackAddress(), port);
      } catch (ConnectException e) {
        if (tries == 500) {
          throw e;
        }
        Thread.sleep(10); // it does not listen yet
      }
    }
  }

  private Socket send(String name, String... headers) throws Exception {
    Socket socket = connect();
    String head = "GET /debug/pprof/" + name + " HTTP/1.1\r\n";
    String all = headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
    socket.getOutputStream().write((head + all + "\r\n").getBytes(StandardCharsets.US_ASCII));
    return socket;
  }

  private String ask(String name, String... headers) throws Exception {
    try (Socket socket = send(name, headers)) {
      socket.setSoTimeout(60_000);
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private void assertAnswered(int status, String name, String... headers) throws Exception {
    String answer = ask(name, headers);
    String what = name + ' ' + String.join(" ", headers) + ": " + answer;
    assertTrue(answer.startsWith("HTTP/1.1 " + status + ' '), what);
  }

  @Test
  void onLoopback_byNamesOfThisMachineAlone() throws Exception {
    start();
    for (String host :
        List.of("localhost:" + port, "LocalHost", "127.0.0.1:" + port, "127.1.2.3", "[::1]:6060")) {
      assertAnswered(200, THREADS, "Host: " + host);
    }
    assertAnswered(200, THREADS);
    for (String host :
        List.of("evil.example:" + port, "127.0.0.1.evil.example", "localhost.evil.example", "")) {
      assertAnswered(403, THREADS, "Host: " + host);
    }
    assertAnswered(403, THREADS, "Host: localhost", "Host: evil.example");
    for (String path : PATHS) {
      assertAnswered(403, path, "Host: evil.example");
    }
    assertEquals(List.of(), said);
  }

  @Test
  void pagesOfOtherSites_areGivenNothing() throws Exception {
    start("SONDE_PPROF=on");
    String host = "Host: localhost:" + port;
    for (String path : PATHS) {
      assertAnswered(403, path, host, "Sec-Fetch-Site: cross-site");
      assertAnswered(403, path, host, "Origin: https://evil.example");
      assertAnswered(403, path, host, "Origin: null");
    }
    assertEquals(List.of(), said);
    assertAnswered(200, THREADS, host, "Sec-Fetch-Site: none");
    assertAnswered(
        200, THREADS, host, "Sec-Fetch-Site: same-origin", "Origin: http://localhost:" + port);
  }

  @Test
  void onEveryAddress_nothing_andTheAnswerNamesTheSettings() throws Exception {
    start("SONDE_HTTP_HOST=0.0.0.0");
    for (String path : PATHS) {
      assertAnswered(403, path, "Host: 10.0.0.7:" + port);
    }
    String answer = ask(THREADS, "Host: localhost");
    for (String setting : List.of("SONDE_HTTP_HOST", "SONDE_HTTP_PASSWORD", "SONDE_PPROF=on")) {
      assertTrue(answer.contains(setting), answer);
    }
    assertTrue(answer.contains("X-Go-Pprof: 1\r\n"), answer);
    assertEquals(List.of(), said);
  }

  @Test
  void onEveryAddress_withAPassword_orWhereItIsOn() throws Exception {
    start("SONDE_HTTP_HOST=0.0.0.0", "SONDE_HTTP_USER=ann", "SONDE_HTTP_PASSWORD=s3cret");
    assertAnswered(401, THREADS, "Host: shop:6060");
    assertAnswered(200, THREADS, "Host: shop:6060", authorization("ann:s3cret"));
    start("SONDE_HTTP_HOST=0.0.0.0", "SONDE_HTTP_USER=ann");
    assertAnswered(403, THREADS, "Host: shop:6060", authorization("ann:"));
    start("SONDE_HTTP_HOST=0.0.0.0", "SONDE_PPROF=on");
    assertAnswered(200, THREADS, "Host: shop:6060");
  }

  /** Megabytes, which whoever reads nothing leaves where they are. */
  @Test
  void threads_areDumpedTwiceAtATime_andAnEndGivesThePlaceBack() throws Exception {
    start();
    CountDownLatch end = new CountDownLatch(1);
    CountDownLatch deep = new CountDownLatch(THREADS_ALIKE);
    String name = String.join("", Collections.nCopies(10_000, "long "));
    for (int i = 0; i < THREADS_ALIKE; i++) {
      Thread thread = new Thread(() -> descend(10, deep, end), name);
      thread.setDaemon(true);
      thread.start();
    }
    deep.await();
    try (Socket one = send("goroutine?debug=2");
        Socket other = send("goroutine?debug=2")) {
      assertTrue(one.getInputStream().read() >= 0 && other.getInputStream().read() >= 0);
      for (String path : List.of("goroutine?debug=2", THREADS, "goroutine")) {
        assertAnswered(503, path);
      }
    }
    String alike = "\n" + THREADS_ALIKE + " @\n";
    String dump = "";
    for (int i = 0; i < 500 && !dump.contains(alike); i++) {
      Thread.sleep(10);
      dump = ask(THREADS);
    }
    end.countDown();
    assertTrue(dump.contains(alike + "#\t"), dump.substring(0, 1000));
    assertTrue(dump.endsWith("\r\n0\r\n\r\n"), "it is whole");
  }

  private static void descend(int depth, CountDownLatch deep, CountDownLatch end) {
    if (depth > 0) {
      descend(depth - 1, deep, end);
      return;
    }
    deep.countDown();
    try {
      end.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static String authorization(String pair) {
    byte[] bytes = pair.getBytes(StandardCharsets.UTF_8);
    return "Authorization: Basic " + Base64.getEncoder().encodeToString(bytes);
  }
}
