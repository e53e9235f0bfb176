package io.sonde.exporters.endpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EndpointTest {
  private static final int LARGE = 64 << 20;

  /** Of the time for an answer, in milliseconds, where its end is waited for. */
  private static final long BRIEF = 1000;

  private final List<String> said = Collections.synchronizedList(new ArrayList<>());
  private @Nullable Endpoint endpoint;
  private @Nullable Thread thread;

  @AfterEach
  void close() throws InterruptedException {
    if (endpoint != null) {
      endpoint.close();
      thread.join(30_000);
      assertTrue(!thread.isAlive(), "the endpoint's thread has ended");
    }
  }

  private int start(long longestMillis, @Nullable String userAndPassword) throws Exception {
    String authorization = userAndPassword == null ? null : Listen.basic(userAndPassword);
    endpoint =
        new Endpoint(
            new Listen("localhost", 0, "SONDE_HTTP_PORT", authorization, null, null),
            said::add,
            longestMillis);
    endpoint.page("/ok", (request, response) -> response.text(200, "fine"));
    endpoint.page(
        "/large",
        (request, response) -> {
          OutputStream out = response.begin("text/plain");
          byte[] some = new byte[1 << 16];
          Arrays.fill(some, (byte) 'x');
          for (int i = 0; i < LARGE; i += some.length) {
            out.write(some);
          }
        });
    endpoint.page(
        "/broken",
        (request, response) -> {
          throw new IllegalStateException("on purpose");
        });
    endpoint.page(
        "/error",
        (request, response) -> {
          throw new NoClassDefFoundError("on purpose");
        });
    endpoint.page("/patient", new Patient());
    thread = new Thread(endpoint, "endpoint");
    thread.start();
    for (int i = 0; i < 3000 && endpoint.port() == 0; i++) {
      Thread.sleep(10);
    }
    return endpoint.port();
  }

  /** Waits for a while, or until its client goes. */
  private final class Patient implements Page {
    @Override
    public void answer(Request request, Response response) throws IOException {
      int steps = moreMillis(request) == 0 ? 1500 : 150;
      for (int i = 0; i < steps && !response.isGone(); i++) {
        sleep();
      }
      if (response.isGone()) {
        said.add("gone");
      } else {
        response.text(200, "X-More: yes\r\n", "waited");
      }
    }

    @Override
    public long moreMillis(Request request) {
      return Long.parseLong(String.valueOf(request.parameter("more")));
    }

    private void sleep() {
      try {
        Thread.sleep(10);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  @Test
  void pageThatTakesLonger_isAnswered_ifItSaidSo() throws Exception {
    int port = start(BRIEF, null);
    String answer = askBriefly(port, "/patient?x&more=20000");
    assertStatus(200, answer);
    assertTrue(answer.contains("X-More: yes\r\n") && answer.endsWith("waited\n"), answer);
    assertThrows(IOException.class, () -> ask(port, get("/patient?more=0")));
  }

  @Test
  void clientGoes_thePageCanSeeIt() throws Exception {
    int port = start(10_000, null);
    try (Socket socket = connect(port)) {
      socket.getOutputStream().write(get("/patient?more=0").getBytes(StandardCharsets.US_ASCII));
    }
    for (int i = 0; i < 3000 && !said.contains("gone"); i++) {
      Thread.sleep(10);
    }
    assertEquals(List.of("gone"), said);
  }

  private static Socket connect(int port) throws IOException {
    Socket socket = new Socket(InetAddress.getByName("localhost"), port);
    socket.setSoTimeout(60_000);
    return socket;
  }

  private static String ask(int port, String request) throws IOException {
    return new String(bytes(port, request), StandardCharsets.ISO_8859_1);
  }

  /**
   * Asks where an answer may take {@link #BRIEF} alone: again where this test itself had to wait
   * for so long.
   */
  private static String askBriefly(int port, String path) throws IOException {
    for (int tries = 1; ; tries++) {
      long begin = System.nanoTime();
      try {
        String answer = ask(port, get(path));
        if (answer.isEmpty()) {
          throw new EOFException("no answer");
        }
        return answer;
      } catch (IOException e) {
        if (tries == 5 || System.nanoTime() - begin < BRIEF * 1_000_000) {
          throw e;
        }
      }
    }
  }

  private static byte[] bytes(int port, String request) throws IOException {
    try (Socket socket = connect(port)) {
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      return socket.getInputStream().readAllBytes();
    }
  }

  private static String get(String path, String... headers) {
    StringBuilder text = new StringBuilder("GET " + path + " HTTP/1.1\r\nHost: x\r\n");
    for (String header : headers) {
      text.append(header).append("\r\n");
    }
    return text.append("\r\n").toString();
  }

  private static void assertStatus(int status, String answer) {
    assertTrue(answer.startsWith("HTTP/1.1 " + status + " "), answer);
  }

  private static long ownThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(t -> t.getName().startsWith("sonde-http-"))
        .count();
  }

  private static void awaitNoThreads() throws InterruptedException {
    for (int i = 0; i < 3000 && ownThreads() > 0; i++) {
      Thread.sleep(10);
    }
    assertEquals(0, ownThreads());
  }

  @Test
  void pages_areAnswered_othersAreNot() throws Exception {
    int port = start(5000, null);
    assertTrue(ask(port, get("/ok?x=1")).endsWith("\r\n\r\nfine\n"));
    assertStatus(200, ask(port, get("/ok")));
    assertStatus(404, ask(port, get("/")));
    assertStatus(405, ask(port, "POST /ok HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}"));
    assertTrue(ask(port, "HEAD /ok HTTP/1.1\r\n\r\n").endsWith("Connection: close\r\n\r\n"));
    assertStatus(200, ask(port, "GET /ok HTTP/1.0\n\n"));
    assertStatus(500, ask(port, get("/broken")));
    assertStatus(500, ask(port, get("/error")));
    assertEquals(2, said.size(), said::toString);
    awaitNoThreads();
  }

  @Test
  void largePage_comesWhole_plainAndCompressed() throws Exception {
    int port = start(20_000, null);
    String plain = ask(port, "GET /large HTTP/1.0\r\n\r\n");
    assertEquals(LARGE, plain.length() - plain.indexOf("\r\n\r\n") - 4);
    byte[] answer = bytes(port, "GET /large HTTP/1.0\r\nAccept-Encoding: br, gzip\r\n\r\n");
    String head = new String(answer, 0, 400, StandardCharsets.ISO_8859_1);
    assertTrue(head.contains("Content-Encoding: gzip"), head);
    int body = head.indexOf("\r\n\r\n") + 4;
    InputStream in =
        new GZIPInputStream(new ByteArrayInputStream(answer, body, answer.length - body));
    assertEquals(LARGE, in.readAllBytes().length);
    assertTrue(!ask(port, get("/large", "Accept-Encoding: gzip;q=0")).contains("Content-Encoding"));
  }

  @Test
  void garbage_isRefused() throws Exception {
    int port = start(5000, null);
    for (String garbage :
        List.of(
            "\u0016\u0003\u0001 a TLS hello\r\n\r\n",
            "GET\r\n\r\n",
            "GET /ok HTTP/2.0\r\n\r\n",
            "GET http://elsewhere/ok HTTP/1.1\r\n\r\n",
            "GET /ok HTTP/1.1\r\nno colon\r\n\r\n",
            "GET /ok HTTP/1.1\r\n: no name\r\n\r\n",
            "\r\n\r\n")) {
      assertStatus(400, ask(port, garbage));
    }
    assertStatus(431, ask(port, get("/ok", "X: " + "x".repeat(100_000))));
    assertStatus(431, ask(port, get("/ok", "X: y\r\n".repeat(200) + "Z: z")));
    assertStatus(431, ask(port, "x".repeat(100_000)));
    assertStatus(200, ask(port, get("/ok")));
    awaitNoThreads();
  }

  /**
   * Clients that say little by little, or nothing, are cut off, and others are answered meanwhile.
   */
  @Test
  void slowClients_areCutOff() throws Exception {
    int port = start(BRIEF, null);
    List<Socket> slow = new ArrayList<>();
    for (int i = 0; i < Endpoint.MAX_CONNECTIONS - 1; i++) {
      slow.add(connect(port));
    }
    assertStatus(200, askBriefly(port, "/ok"));
    slow.get(0).getOutputStream().write("GET /ok HT".getBytes(StandardCharsets.ISO_8859_1));
    long begin = System.nanoTime();
    boolean cut = false;
    while (!cut && System.nanoTime() - begin < 30_000_000_000L) {
      try {
        slow.get(0).getOutputStream().write('x');
        Thread.sleep(100);
      } catch (IOException e) {
        cut = true;
      }
    }
    assertTrue(cut, "a client that goes on byte by byte is cut off");
    awaitNoThreads();
    for (Socket socket : slow) {
      socket.close();
    }
  }

  @Test
  void tooMany_areTurnedAway_andItGoesOnAfterwards() throws Exception {
    int port = start(60_000, null);
    List<Socket> held = new ArrayList<>();
    for (int i = 0; i < Endpoint.MAX_CONNECTIONS; i++) {
      Socket socket = connect(port);
      socket.getOutputStream().write(get("/large").getBytes(StandardCharsets.ISO_8859_1));
      assertEquals('H', socket.getInputStream().read());
      held.add(socket);
    }
    try (Socket more = connect(port)) {
      byte[] answer = more.getInputStream().readAllBytes();
      assertStatus(503, new String(answer, StandardCharsets.ISO_8859_1));
    }
    assertTrue(ownThreads() <= Endpoint.MAX_CONNECTIONS);
    for (Socket socket : held) {
      socket.close();
    }
    awaitNoThreads();
    assertStatus(200, ask(port, get("/ok")));
  }

  /** Whoever has said nothing for longest makes room; the others may still ask. */
  @Test
  void silentClients_keepNobodyOut() throws Exception {
    int port = start(60_000, null);
    List<Socket> silent = new ArrayList<>();
    for (int i = 0; i < Endpoint.MAX_CONNECTIONS; i++) {
      silent.add(connect(port));
    }
    assertStatus(200, ask(port, get("/ok")));
    Socket last = silent.get(silent.size() - 1);
    last.getOutputStream().write(get("/ok").getBytes(StandardCharsets.ISO_8859_1));
    assertStatus(
        200, new String(last.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1));
    assertThrows(IOException.class, () -> silent.get(0).getInputStream().read(), "a reset");
    long begin = System.nanoTime();
    awaitNoThreads();
    assertTrue(System.nanoTime() - begin < 20_000_000_000L, "two seconds to say what is wanted");
    for (Socket socket : silent) {
      socket.close();
    }
  }

  @Test
  void clientThatDoesNotRead_isCutOff() throws Exception {
    int port = start(BRIEF, null);
    try (Socket socket = connect(port)) {
      socket.getOutputStream().write(get("/large").getBytes(StandardCharsets.ISO_8859_1));
      assertEquals('H', socket.getInputStream().read());
      awaitNoThreads();
    }
    assertStatus(200, askBriefly(port, "/ok"));
  }

  @Test
  void password_isAskedFor() throws Exception {
    int port = start(5000, "scraper:s3cret");
    assertStatus(401, ask(port, get("/ok")));
    assertStatus(401, ask(port, get("/nothing")));
    assertStatus(401, ask(port, get("/ok", "Authorization: " + Listen.basic("scraper:other"))));
    assertStatus(200, ask(port, get("/ok", "Authorization: " + Listen.basic("scraper:s3cret"))));
  }

  @Test
  void portInUse_isOneLine() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("localhost"))) {
      int port = taken.getLocalPort();
      new Endpoint(new Listen("localhost", port, "SONDE_HTTP_PORT", null, null, null), said::add)
          .run();
      assertEquals(1, said.size(), said::toString);
      assertTrue(said.get(0).startsWith("nothing listens on localhost:" + port), said::toString);
      assertTrue(said.get(0).endsWith("choose another by SONDE_HTTP_PORT"), said::toString);
    }
  }
}
