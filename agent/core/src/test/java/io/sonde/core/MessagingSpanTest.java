package io.sonde.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Collections;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MessagingSpanTest {
  private static final Headers<Map<String, String>> HEADERS = Map::get;
  private static final Map<String, String> SENT =
      Collections.singletonMap(
          "traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
  private static final Map<String, String> UNSENT = Collections.emptyMap();

  private final Recording recording = Recording.all();

  @AfterEach
  void stop() {
    assertNull(Span.current(), "the test leaves its thread clean");
    recording.close();
  }

  private static MessagingSpan process(Map<String, String> message) {
    return MessagingSpan.process("kafka", "process", "t", message, HEADERS);
  }

  private static MessagingSpan turn(Object loop) {
    return MessagingSpan.turn("kafka", "process", "t", SENT, HEADERS, loop);
  }

  @Test
  void message_isBelowItsSender_andLinked() {
    MessagingSpan span = process(SENT);
    assertEquals("4bf92f3577b34da6a3ce929d0e0e4736", Hex.of(span.traceHi(), span.traceLo()));
    assertEquals("00f067aa0ba902b7", Hex.of(span.parentId()));
    assertTrue(span.hasRemoteParent());
    assertEquals(1, span.links().length);
    assertEquals(span.parentId(), span.links()[0].spanId);
    assertEquals("process t", span.name());
    assertEquals(5, span.otlpKind());
  }

  @Test
  void message_insideASpan_isBelowThat_andLinked() {
    ServerSpan server = Recording.server();
    MessagingSpan span = process(SENT);
    assertEquals(server.id(), span.parentId());
    assertFalse(span.hasRemoteParent());
    assertEquals("00f067aa0ba902b7", Hex.of(span.links()[0].spanId));
    server.exit();
  }

  @Test
  void message_afterTheSpanEnded_isBelowItsSender() {
    ServerSpan server = Recording.server();
    server.end();
    assertEquals("00f067aa0ba902b7", Hex.of(process(SENT).parentId()));
    assertEquals(server.id(), process(UNSENT).parentId());
    server.exit();
  }

  @Test
  void nestedMessage_isOne() {
    MessagingSpan outer = process(SENT);
    outer.enter();
    assertNull(process(SENT));
    assertNull(MessagingSpan.processBatch("kafka", "process", "t"));
    outer.leave();
  }

  @Test
  void links_areBounded() {
    Limits.set(128, Integer.MAX_VALUE, 3);
    try {
      MessagingSpan span = MessagingSpan.processBatch("kafka", "process", "t");
      for (int i = 0; i < 5; i++) {
        span.link(SENT, HEADERS);
      }
      span.link(UNSENT, HEADERS);
      assertEquals(3, span.links().length);
      assertEquals(2, span.droppedLinks());
    } finally {
      Limits.set(128, Integer.MAX_VALUE, 128);
    }
  }

  @Test
  void manyLinks_areKeptInOrder() {
    MessagingSpan span = MessagingSpan.receive("kafka", "poll", null);
    for (int i = 1; i <= 100; i++) {
      String parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-" + Hex.of(i) + "-01";
      span.link(Collections.singletonMap("traceparent", parent), HEADERS);
    }
    span.destination("t");
    assertEquals("poll t", span.name());
    assertEquals(3, span.otlpKind());
    assertEquals(100, span.links().length);
    for (int i = 1; i <= 100; i++) {
      assertEquals(i, span.links()[i - 1].spanId);
    }
  }

  @Test
  void passedOn_isBelowTheMessagesSender_unlessInsideASpan() {
    assertEquals(
        "00f067aa0ba902b7",
        Hex.of(MessagingSpan.send("kafka", "send", "t", SENT, HEADERS).parentId()));
    ServerSpan server = Recording.server();
    assertEquals(server.id(), MessagingSpan.send("kafka", "send", "t", SENT, HEADERS).parentId());
    server.exit();
  }

  @Test
  void turn_isTheContext_untilItEnds() {
    MessagingSpan span = turn(this);
    assertSame(span, Span.current());
    span.endTurn();
    assertNull(Span.current());
    assertEquals(Collections.singletonList(span), recording.left());
  }

  @Test
  void turnLeftUnseen_endsWithItsLoop_notWithAnother() {
    MessagingSpan span = turn(this);
    MessagingSpan.endLoop("another");
    assertSame(span, Span.current());
    MessagingSpan.endLoop(this);
    assertNull(Span.current());
    assertTrue(span.isEnded());
  }

  @Test
  void turnLeftUnseen_endsWithWhatEnclosesIt() {
    ServerSpan server = Recording.server();
    MessagingSpan span = turn(this);
    server.exit();
    assertTrue(span.isEnded());
    assertFalse(server.isEnded());
  }

  @Test
  void turnHandedToATask_goesOnAfterTheTask() throws InterruptedException {
    MessagingSpan span = turn(this);
    Runnable task = () -> assertSame(span, Span.current());
    Hop.captureRun(task);
    Thread worker = new Thread(() -> Hop.run(task));
    worker.start();
    worker.join();
    assertFalse(span.isEnded());
    span.endTurn();
  }

  @Test
  void failureFoundByAFramework_isTheMessages() {
    IllegalStateException failure = new IllegalStateException();
    MessagingSpan.failed(failure);
    MessagingSpan span = turn(this);
    MessagingSpan.failed(failure);
    span.endTurn();
    assertSame(failure, span.thrown());
    assertEquals("java.lang.IllegalStateException", span.errorType());
    assertNotNull(span.name());
  }
}
