package io.sonde.exporters.otlp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.opentelemetry.sdk.common.export.MessageWriter;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers of HTTP/1.1 in all their forms, over plain sockets. */
final class PlainPostingTest {
  private static final byte[] MESSAGE = "spans".getBytes(StandardCharsets.US_ASCII);

  private static final String OK = "HTTP/1.1 200 OK\r\n";

  static Stream<Arguments> answers() {
    return Stream.of(
        arguments("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nab", "ab", true),
        arguments("HTTP/1.1 200\r\ncontent-length:2\r\n\r\nab", "ab", true),
        arguments("HTTP/1.1 204 No Content\r\n\r\n", "", true),
        arguments(
            OK + "Transfer-Encoding: chunked\r\n\r\n1;x=y\r\na\r\n1\r\nb\r\n0\r\nA: x\r\n\r\n",
            "ab",
            true),
        arguments(
            "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + OK + "Content-Length: 2\r\n\r\nab",
            "ab",
            true),
        arguments("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 1\r\n\r\na", "a", false),
        arguments("HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\na", "a", false),
        arguments("HTTP/1.1 200 OK\r\nContent-Length: 2, 2\r\n\r\nab", "", false),
        arguments("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", "", false),
        arguments("HTTP/1.1 200 OK\r\n\r\nuntil its end", "until its end", false),
        arguments("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nbrok", "brok", false),
        arguments(
            "HTTP/1.1 200 OK\r\nContent-Length: 200000\r\n\r\n" + "x".repeat(200_000),
            "x".repeat(Answer.MAX_BODY),
            false));
  }

  @ParameterizedTest
  @MethodSource("answers")
  void answer_isUnderstood_andItsConnectionUsedAgain(String raw, String body, boolean kept)
      throws Exception {
    try (Receiver receiver = new Receiver(raw, !kept)) {
      PlainPosting posting = receiver.posting();
      for (int i = 0; i < 2; i++) {
        Answer answer = posting.post(new Message());
        assertEquals(2, answer.getStatusCode() / 100);
        assertEquals(body, new String(answer.getResponseBody(), StandardCharsets.US_ASCII));
      }
      assertEquals(kept ? 1 : 2, receiver.connections.get());
      assertEquals(2, receiver.bodies.size());
      assertArrayEquals(MESSAGE, receiver.bodies.get(1));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "SSH-2.0-OpenSSH_9.6\r\n", "HTTP/1.1 ok\r\n\r\n", "HTTP/1.1 200 OK\r\nServ"})
  void whatIsNoAnswer_isAnIoException(String raw) throws Exception {
    try (Receiver receiver = new Receiver(raw, true)) {
      assertThrows(IOException.class, () -> receiver.posting().post(new Message()));
    }
  }

  @Test
  void headWithoutEnd_isGivenUp() throws Exception {
    try (Receiver receiver = new Receiver("HTTP/1.1 200 OK\r\nX: " + "x".repeat(100_000), true)) {
      assertThrows(IOException.class, () -> receiver.posting().post(new Message()));
    }
  }

  /** As receivers do that close what is idle. */
  @Test
  void keptConnectionThatWasClosed_isReplaced() throws Exception {
    try (Receiver receiver = new Receiver("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", true)) {
      PlainPosting posting = receiver.posting();
      for (int i = 1; i <= 3; i++) {
        assertEquals(200, posting.post(new Message()).getStatusCode());
        assertEquals(i, receiver.bodies.size());
      }
      assertEquals(3, receiver.connections.get());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Connection: close\r\n"})
  void keptConnectionThatWasGivenUpWaitingFor_isReplacedOnce(String header) throws Exception {
    try (Receiver receiver = new Receiver(OK + "Content-Length: 0\r\n\r\n", false)) {
      PlainPosting posting = receiver.posting();
      posting.post(new Message());
      String late = "HTTP/1.1 408 Request Timeout\r\n" + header + "Content-Length: 0\r\n\r\n";
      receiver.answer = late.getBytes(StandardCharsets.US_ASCII);
      assertEquals(408, posting.post(new Message()).getStatusCode());
      assertEquals(2, receiver.connections.get());
      assertEquals(3, receiver.bodies.size());
    }
  }

  @Test
  void keptConnection_isClosedWhenItWasIdleForLong() throws Exception {
    try (Receiver receiver = new Receiver(OK + "Content-Length: 0\r\n\r\n", false)) {
      Passing time = new Passing();
      PlainPosting posting =
          new PlainPosting(receiver.target(), new Retries(50, failure -> false, time), "1.2.3");
      posting.post(new Message());
      time.now = PlainPosting.LONGEST_IDLE_NANOS - 1;
      posting.rest();
      posting.post(new Message());
      assertEquals(1, receiver.connections.get());
      time.now += PlainPosting.LONGEST_IDLE_NANOS;
      posting.rest();
      assertTrue(receiver.left.await(10, TimeUnit.SECONDS), "the connection stays");
      posting.post(new Message());
      assertEquals(2, receiver.connections.get());
    }
  }

  @Test
  void keptConnectionThatTheReceiverCloses_isClosedBeforeTheNextRequest() throws Exception {
    try (ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      CountDownLatch left = new CountDownLatch(1);
      Thread thread = new Thread(() -> answerAndSayGoodbye(socket, left), "receiver");
      thread.setDaemon(true);
      thread.start();
      Target target =
          Target.of(
              Export.settings(
                  "OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:" + socket.getLocalPort()));
      PlainPosting posting = new PlainPosting(target, new Retries(50, failure -> false), "1.2.3");
      posting.post(new Message());
      // The goodbye may still be on its way.
      for (int i = 0; i < 1000 && left.getCount() > 0; i++) {
        posting.rest();
        left.await(10, TimeUnit.MILLISECONDS);
      }
      assertEquals(0, left.getCount());
    }
  }

  private static void answerAndSayGoodbye(ServerSocket socket, CountDownLatch left) {
    try (Socket connection = socket.accept()) {
      InputStream in = connection.getInputStream();
      in.readNBytes(1);
      connection
          .getOutputStream()
          .write((OK + "Content-Length: 0\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
      connection.shutdownOutput();
      while (in.read() >= 0) {
        // The rest of the request, and then nothing until the other end closes, too.
      }
      left.countDown();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void gzip_isSentWithItsLength() throws Exception {
    try (Receiver receiver = new Receiver("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", true)) {
      receiver.posting("OTEL_EXPORTER_OTLP_COMPRESSION", "gzip").post(new Message());
      byte[] sent = receiver.bodies.get(0);
      assertArrayEquals(
          MESSAGE, new GZIPInputStream(new ByteArrayInputStream(sent)).readAllBytes());
      assertTrue(receiver.heads.get(0).contains("Content-Encoding: gzip\r\n"));
    }
  }

  @Test
  void interruptFromBefore_doesNoHarm() throws Exception {
    try (Receiver receiver = new Receiver("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", false)) {
      Thread.currentThread().interrupt();
      assertEquals(200, receiver.posting().post(new Message()).getStatusCode());
    }
  }

  @Test
  void head_isThatOfHttp() throws Exception {
    try (Receiver receiver = new Receiver("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", true)) {
      receiver.posting("OTEL_EXPORTER_OTLP_HEADERS", "X-Tenant=a%20b").post(new Message());
      assertEquals(
          "POST /v1/traces HTTP/1.1\r\nHost: 127.0.0.1:"
              + receiver.socket.getLocalPort()
              + "\r\nUser-Agent: Sonde-OTLP-Exporter-Java/1.2.3\r\nx-tenant: a b\r\n"
              + "Content-Type: application/x-protobuf\r\nContent-Length: 5\r\n",
          receiver.heads.get(0));
    }
  }

  @Test
  void configuredHeaders_overrideOrAreLeftOut_butNeverComeTwice() throws Exception {
    try (Receiver receiver = new Receiver("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", true)) {
      receiver
          .posting(
              "OTEL_EXPORTER_OTLP_HEADERS",
              "Host=tenant.example,User-Agent=shop,Content-Type=text/plain,Content-Length=1,"
                  + "Transfer-Encoding=chunked,Connection=close,Content-Encoding=identity",
              "OTEL_EXPORTER_OTLP_COMPRESSION",
              "gzip")
          .post(new Message());
      assertEquals(
          "POST /v1/traces HTTP/1.1\r\nHost: tenant.example\r\nuser-agent: shop\r\n"
              + "Content-Encoding: gzip\r\nContent-Type: application/x-protobuf\r\n"
              + "Content-Length: "
              + receiver.bodies.get(0).length
              + "\r\n",
          receiver.heads.get(0));
    }
  }

  @Test
  void answerBeforeTheEndOfTheRequest_isRead() throws Exception {
    try (ServerSocket receiver = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      Thread thread = new Thread(() -> refuse(receiver), "receiver");
      thread.setDaemon(true);
      thread.start();
      Target target =
          Target.of(
              Export.settings(
                  "OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:" + receiver.getLocalPort()));
      PlainPosting posting = new PlainPosting(target, new Retries(50, failure -> false), "1.2.3");
      Answer answer = posting.post(new Message(new byte[16 << 20]));
      assertEquals(413, answer.getStatusCode());
      assertEquals("too large", new String(answer.getResponseBody(), StandardCharsets.US_ASCII));
    }
  }

  /** As with an address of IPv6 where the JVM was told to use IPv4 alone. */
  @Test
  void addressThatNioDoesNotTake_isAnIoException() {
    assertThrows(
        SocketException.class,
        () -> PlainConnection.open("127.0.0.1", 70_000, System.nanoTime() + 1_000_000_000L));
  }

  @Test
  void brokenConnection_isOfTheKindThatPasses() throws Exception {
    try (ServerSocket receiver = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        PlainConnection connection =
            PlainConnection.open(
                "127.0.0.1", receiver.getLocalPort(), System.nanoTime() + 5_000_000_000L)) {
      Socket other = receiver.accept();
      other.setSoLinger(true, 0);
      other.close();
      assertThrows(SocketException.class, connection::read);
      assertThrows(SocketException.class, () -> connection.write(new byte[1 << 20]));
    }
  }

  /** Closes with most of the request unread. */
  private static void refuse(ServerSocket receiver) {
    try (Socket connection = receiver.accept()) {
      connection.getInputStream().read();
      connection
          .getOutputStream()
          .write(
              "HTTP/1.1 413 Too Large\r\nConnection: close\r\nContent-Length: 9\r\n\r\ntoo large"
                  .getBytes(StandardCharsets.US_ASCII));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Time that passes when it is told to. */
  private static final class Passing implements Time {
    long now;

    @Override
    public long nanos() {
      return now;
    }

    @Override
    public void park(Object by, long nanos) {
      now += nanos;
    }
  }

  /** Answers each request alike. */
  private static final class Receiver implements AutoCloseable {
    final ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    final AtomicInteger connections = new AtomicInteger();
    final List<String> heads = new CopyOnWriteArrayList<>();
    final List<byte[]> bodies = new CopyOnWriteArrayList<>();
    final CountDownLatch left = new CountDownLatch(1);
    volatile byte[] answer;
    private final boolean closes;

    Receiver(String answer, boolean closes) throws IOException {
      this.answer = answer.getBytes(StandardCharsets.US_ASCII);
      this.closes = closes;
      Thread thread = new Thread(this::run, "receiver");
      thread.setDaemon(true);
      thread.start();
    }

    PlainPosting posting(String... settings) {
      return new PlainPosting(target(settings), new Retries(50, failure -> false), "1.2.3");
    }

    Target target(String... settings) {
      List<String> all = new ArrayList<>(List.of(settings));
      all.add("OTEL_EXPORTER_OTLP_ENDPOINT");
      all.add("http://127.0.0.1:" + socket.getLocalPort());
      return Target.of(Export.settings(all.toArray(String[]::new)));
    }

    private void run() {
      while (!socket.isClosed()) {
        try (Socket connection = socket.accept()) {
          connections.incrementAndGet();
          while (request(connection.getInputStream())) {
            connection.getOutputStream().write(answer);
            if (closes) {
              break;
            }
          }
        } catch (IOException e) {
          // The other end has enough, or the test is over.
        }
      }
    }

    private boolean request(InputStream in) throws IOException {
      StringBuilder head = new StringBuilder();
      while (head.indexOf("\r\n\r\n") < 0) {
        int next = in.read();
        if (next < 0) {
          left.countDown();
          return false;
        }
        head.append((char) next);
      }
      head.setLength(head.length() - 2);
      String text = head.toString();
      int length = text.indexOf("Content-Length: ") + "Content-Length: ".length();
      byte[] body = in.readNBytes(Integer.parseInt(text.substring(length).trim()));
      heads.add(text);
      bodies.add(body);
      return true;
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  /** What is sent. */
  private static final class Message implements MessageWriter {
    private final byte[] bytes;

    Message() {
      this(MESSAGE);
    }

    Message(byte[] bytes) {
      this.bytes = bytes;
    }

    @Override
    public void writeMessage(OutputStream to) throws IOException {
      to.write(bytes);
    }

    @Override
    public int getContentLength() {
      return bytes.length;
    }
  }
}
