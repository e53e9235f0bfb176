package io.sonde.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sonde.core.database.Database;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SpanTest {
  private final Recording recording = Recording.all();

  @AfterEach
  void stop() {
    assertNull(Span.current(), "the test leaves its thread clean");
    recording.close();
  }

  @Test
  void root_leavesOnce_withWhatWasSetBeforeItsEnd() {
    ServerSpan span = Recording.server();
    span.set("a", "1");
    span.set("a", "2");
    span.set("b", 3);
    span.set("none", null);
    IllegalStateException first = new IllegalStateException("first");
    span.exit();
    span.end(first);
    span.end(new IllegalStateException("second"));
    span.set("late", "x");
    span.status(500);
    span.error(new IllegalStateException("late"));

    assertEquals(Collections.singletonList(span), recording.left());
    assertEquals("{a=2, b=3, http.request.method=GET}", Recording.attributes(span).toString());
    assertSame(first, span.thrown());
    assertEquals(0, span.parentId());
    assertTrue(span.endNanos() - span.startNanos() >= 0);
    assertNotEquals(0, span.id());
  }

  @Test
  void child_isInTheTrace_andKnowsItsServerSpan() {
    ServerSpan server = Recording.server();
    ClientSpan client = ClientSpan.start("GET");
    client.enter();
    DatabaseSpan database = DatabaseSpan.start(new Database("h2", null, null, 0), null);
    assertEquals(server.traceHi(), database.traceHi());
    assertEquals(server.traceLo(), database.traceLo());
    assertEquals(client.id(), database.parentId());
    assertSame(server, database.server());
    assertSame(server, ServerSpan.currentServer());
    assertFalse(database.hasRemoteParent());
    client.leave();
    server.exit();
    assertNull(ServerSpan.currentServer());
  }

  @Test
  void endedByManyThreads_leavesOnce() throws InterruptedException {
    for (int round = 0; round < 200; round++) {
      ClientSpan span = ClientSpan.start("GET");
      CountDownLatch go = new CountDownLatch(1);
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        Thread thread =
            new Thread(
                () -> {
                  try {
                    go.await();
                  } catch (InterruptedException e) {
                    return;
                  }
                  span.end();
                });
        thread.start();
        threads.add(thread);
      }
      go.countDown();
      for (Thread thread : threads) {
        thread.join();
      }
      assertEquals(1, recording.left().size());
      assertTrue(span.endNanos() >= span.startNanos());
    }
  }

  @Test
  void enterAndLeave_nest() {
    ClientSpan outer = ClientSpan.start("GET");
    DatabaseSpan inner = DatabaseSpan.start(new Database("h2", null, null, 0), null);
    outer.enter();
    inner.enter();
    assertSame(inner, Span.current());
    inner.leave();
    assertSame(outer, Span.current());
    outer.leave();
    assertNull(Span.current());
    outer.leave();
    assertNull(Span.current());
  }

  @Test
  void leaveOfTheOuter_leavesWhatIsInsideToo() {
    ClientSpan outer = ClientSpan.start("GET");
    ClientSpan inner = ClientSpan.start("GET");
    outer.enter();
    inner.enter();
    outer.leave();
    assertNull(Span.current());
    inner.leave();
    assertNull(Span.current());
  }

  @Test
  void enteredTwice_isLeftTwice() {
    ClientSpan outer = ClientSpan.start("GET");
    ClientSpan span = ClientSpan.start("GET");
    outer.enter();
    span.enter();
    span.enter();
    span.leave();
    assertSame(span, Span.current());
    span.leave();
    assertSame(outer, Span.current());
    outer.leave();
  }

  @Test
  void enteredByTwoThreads_eachGoesBackToItsOwn() throws InterruptedException {
    ClientSpan mine = ClientSpan.start("GET");
    ClientSpan theirs = ClientSpan.start("GET");
    ClientSpan shared = ClientSpan.start("GET");
    List<Span> seen = Collections.synchronizedList(new ArrayList<>());
    CountDownLatch entered = new CountDownLatch(1);
    CountDownLatch left = new CountDownLatch(1);
    Thread other =
        new Thread(
            () -> {
              theirs.enter();
              shared.enter();
              entered.countDown();
              try {
                left.await();
              } catch (InterruptedException e) {
                return;
              }
              shared.leave();
              seen.add(Span.current());
              theirs.leave();
              seen.add(Span.current());
            });
    mine.enter();
    shared.enter();
    other.start();
    entered.await();
    shared.leave();
    assertSame(mine, Span.current());
    mine.leave();
    left.countDown();
    other.join();
    assertEquals(theirs, seen.get(0));
    assertNull(seen.get(1));
  }

  @Test
  void leaveOnAnotherThread_changesNothing() throws InterruptedException {
    ClientSpan span = ClientSpan.start("GET");
    span.enter();
    Thread other = new Thread(span::leave);
    other.start();
    other.join();
    assertSame(span, Span.current());
    span.leave();
  }

  @Test
  void enteredWithoutEnd_isBounded() {
    ClientSpan span = ClientSpan.start("GET");
    for (int i = 0; i < 100_000; i++) {
      span.enter();
    }
    Slot slot = Slot.get();
    assertTrue(slot.depth() <= Slot.MAX, "open: " + slot.depth());
    slot.popTo(0);
    slot.set(null);
  }

  @Test
  void nestedCallOfTheSameKind_isNoSpan_ofAnotherKindIs() {
    ClientSpan client = ClientSpan.start("GET");
    client.enter();
    assertNull(ClientSpan.start("GET"));
    MessagingSpan send = MessagingSpan.send("kafka", "send", "t");
    assertNotNull(send);
    send.enter();
    assertNull(ClientSpan.start("GET"), "also further below");
    assertNull(MessagingSpan.send("kafka", "send", "t"));
    DatabaseSpan database = DatabaseSpan.start(new Database("h2", null, null, 0), null);
    assertNotNull(database);
    database.enter();
    assertNull(DatabaseSpan.start(new Database("h2", null, null, 0), null));
    client.leave();
    assertNotNull(ClientSpan.start("GET"));
  }

  @Test
  void serverInsideServer_isTheSameRequest() {
    ServerSpan server = Recording.server();
    assertNull(Recording.server());
    assertFalse(server.resume());
    server.exit();
    assertTrue(server.resume());
    server.exit();
  }

  @Test
  void requestThatEndedWithoutItsExit_doesNotKeepTheThread() {
    ServerSpan lost = Recording.server();
    lost.end();
    ServerSpan next = Recording.server();
    assertNotNull(next);
    next.exit();
    lost.exit();
  }

  @Test
  void off_makesNoSpans() {
    Tracing.stop();
    assertNull(Recording.server());
    assertNull(ClientSpan.start("GET"));
    assertNull(DatabaseSpan.start(new Database("h2", null, null, 0), null));
    assertNull(MessagingSpan.send("kafka", "send", "t"));
    assertNull(MessagingSpan.receive("kafka", "poll", "t"));
    assertNull(MessagingSpan.process("kafka", "process", "t", "", Recording.NO_HEADERS));
  }

  @Test
  void logIds_areTheCurrentSpans() {
    assertNull(LogIds.current());
    ServerSpan server = Recording.server();
    LogIds ids = LogIds.current();
    assertEquals(Hex.of(server.traceHi(), server.traceLo()), ids.traceId);
    assertEquals(Hex.of(server.id()), ids.spanId);
    assertEquals("01", ids.traceFlags);
    assertSame(ids, LogIds.current());
    server.exit();
  }
}
