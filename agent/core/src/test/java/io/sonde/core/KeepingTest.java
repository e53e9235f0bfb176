package io.sonde.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sonde.core.database.Database;
import io.sonde.core.metrics.Exemplar;
import io.sonde.core.metrics.Histogram;
import io.sonde.core.metrics.Instrument;
import io.sonde.core.metrics.Labels;
import io.sonde.core.metrics.MetricReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What leaves of traces that are not sampled, where exemplars keep them. */
class KeepingTest {
  private final Recording recording = new Recording(Sampler.off(false));
  private final Red red = Red.start(1000);
  private final Map<String, String> headers = new HashMap<>();
  private final Database database = new Database("postgresql", "shop", "db", 5432);

  KeepingTest() {
    Keeping.start();
  }

  @AfterEach
  void stop() {
    Keeping.stop();
    recording.close();
  }

  private Keeping keeping() {
    return Keeping.current();
  }

  private static List<Exemplar> shown(Red red) {
    List<Exemplar> all = new ArrayList<>();
    red.read(
        new MetricReader() {
          @Override
          public void instrument(Instrument instrument) {}

          @Override
          public void number(Labels labels, long value) {}

          @Override
          public void number(Labels labels, double value) {}

          @Override
          public void histogram(Labels labels, Histogram histogram) {
            for (Exemplar exemplar : histogram.exemplars) {
              if (exemplar != null) {
                all.add(exemplar);
              }
            }
          }
        });
    return all;
  }

  private ServerSpan begin(String route) {
    ServerSpan span = ServerSpan.start(headers, Map::get, "GET");
    span.route(route, 2);
    span.status(200);
    return span;
  }

  private static void end(ServerSpan span) {
    span.exit();
    span.end();
  }

  private void query() {
    DatabaseSpan.start(database, null).end();
  }

  private ServerSpan request(String route) {
    ServerSpan span = begin(route);
    query();
    end(span);
    return span;
  }

  @Test
  void trace_thatIsNotSampled_leavesOnceItIsShown_whole() {
    ServerSpan request = request("/a");
    assertFalse(request.sampled());
    assertEquals(List.of(), recording.left());
    List<Exemplar> exemplars = shown(red);
    assertEquals(2, exemplars.size());
    List<Span> left = recording.left();
    assertEquals(2, left.size());
    assertTrue(left.contains(request));
    assertEquals(request.id(), left.get(0).parentId());
    assertEquals("exemplar", Recording.attributes(request).get("sonde.kept_for"));
    assertEquals(2, shown(red).size());
    assertEquals(List.of(), recording.left());
    assertEquals(0, keeping().held());
  }

  @Test
  void trace_thatIsNotShown_staysAndTakesNoRoom() {
    for (int i = 0; i < 5000; i++) {
      request("/a");
    }
    assertTrue(keeping().held() <= 2 * 2 * 15, () -> keeping().held() + " spans wait");
    Set<Long> traces = new HashSet<>();
    shown(red).forEach(exemplar -> traces.add(exemplar.traceLo));
    Set<Long> left = new HashSet<>();
    recording.left().forEach(span -> left.add(span.traceLo()));
    assertEquals(traces, left);
    assertEquals(0, keeping().held());
  }

  @Test
  void spansThatRun_whenTheirTraceIsShown_followIt() {
    ServerSpan running = begin("/a");
    query();
    assertEquals(1, shown(red).size());
    assertEquals(1, recording.left().size());
    assertTrue(running.leaves());
    end(running);
    assertEquals(List.of(running), recording.left());
  }

  @Test
  void requestToItself_isOfTheSameTrace() {
    ServerSpan outer = begin("/outer");
    ClientSpan call = ClientSpan.start("GET");
    call.inject(headers, Map::put);
    assertTrue(headers.get("traceparent").matches("00-.*-0[02]"), headers::toString);
    outer.exit();
    Thread other = new Thread(() -> request("/inner"));
    other.start();
    join(other);
    call.end();
    outer.end();
    assertTrue(outer.kept().hold());
    assertTrue(outer.kept().leave());
    assertEquals(4, recording.left().size());
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void tracestate_ofATraceThatIsNotSampled_hasNoThreshold() {
    headers.put("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00");
    headers.put("tracestate", "ot=th:c,other=1");
    Tracing.sampler(Sampler.on(true));
    ServerSpan request = request("/a");
    assertEquals("ot=th:c,other=1", request.traceState());
    assertEquals("other=1", request.recordedTraceState());
    assertEquals(2, shown(red).size());
    assertEquals(2, recording.left().size());
  }

  @Test
  void longTrace_isCutAndCounted() {
    ServerSpan request = begin("/a");
    for (int i = 0; i < 1000; i++) {
      query();
    }
    end(request);
    for (Exemplar exemplar : shown(red)) {
      assertNotNull(exemplar);
    }
    List<Span> left = recording.left();
    assertEquals(KeptTrace.ROOM_FOR_CALLS + 1, left.size());
    assertTrue(left.contains(request));
    assertEquals(1000 - KeptTrace.ROOM_FOR_CALLS, keeping().leftOut(Keeping.Reason.LONG_TRACE));
  }

  @Test
  void asManySpansWait_asMay_othersAreNotShownAndCounted() {
    for (int i = 0; i < 900; i++) {
      request("/" + i);
    }
    assertTrue(keeping().held() <= 512, () -> keeping().held() + " spans wait");
    assertTrue(keeping().leftOut(Keeping.Reason.NO_ROOM) > 0);
    Set<Long> left = new HashSet<>();
    List<Exemplar> exemplars = shown(red);
    recording.left().forEach(span -> left.add(span.id()));
    assertFalse(exemplars.isEmpty());
    exemplars.forEach(exemplar -> assertTrue(left.contains(exemplar.spanId)));
    assertEquals(0, keeping().held());
  }

  @Test
  void fullQueue_isNoExemplar() {
    Span sampled = ClientSpan.start("GET");
    while (recording.queue.size() < recording.queue.capacity()) {
      Tracing.offer(sampled);
    }
    request("/a");
    assertEquals(List.of(), shown(red));
    assertEquals(2, keeping().leftOut(Keeping.Reason.QUEUE_FULL));
    assertEquals(0, recording.queue.dropped());
    assertEquals(0, keeping().held());
  }

  @Test
  void queueWithoutRoomForAll_takesNoneOfATrace() {
    Span sampled = ClientSpan.start("GET");
    ServerSpan request = request("/a");
    while (recording.queue.size() < recording.queue.capacity() - 1) {
      Tracing.offer(sampled);
    }
    assertEquals(List.of(), shown(red));
    assertFalse(recording.left().contains(request));
    assertEquals(0, keeping().spans());
    assertEquals(0, keeping().noted());
  }

  @Test
  void queueThatFillsWhileATraceLeaves_takesNothingMoreOfIt() {
    Span sampled = ClientSpan.start("GET");
    ServerSpan running = begin("/a");
    query();
    assertEquals(1, shown(red).size());
    long whole = recording.left().get(0).id();
    while (recording.queue.size() < recording.queue.capacity()) {
      Tracing.offer(sampled);
    }
    query();
    recording.left();
    assertFalse(running.leaves());
    query();
    end(running);
    assertEquals(List.of(), recording.left());
    assertEquals(1, keeping().spans());
    shown(red).forEach(exemplar -> assertEquals(whole, exemplar.spanId));
  }

  @Test
  void tracesThatRunForLong_areBoundedTogether_andTheirPlacesComeBack() {
    List<ServerSpan> open = new ArrayList<>();
    for (int i = 0; i < Keeping.NOTED / KeptTrace.ROOM + 50; i++) {
      ServerSpan request = begin("/events");
      for (int n = 0; n < 150; n++) {
        query();
      }
      request.exit();
      open.add(request);
    }
    assertEquals(Keeping.NOTED, keeping().noted());
    assertTrue(keeping().leftOut(Keeping.Reason.NO_ROOM) >= 50);
    ServerSpan last = open.get(open.size() - 1);
    assertFalse(last.kept().hold(), "it found no room and is not shown in part");
    open.forEach(Span::end);
    shown(red);
    assertEquals(0, keeping().noted());
    assertEquals(0, keeping().held());
    recording.left();
    ServerSpan next = request("/a");
    shown(red);
    assertTrue(recording.left().contains(next));
  }

  @Test
  void heldTraceThatGrows_isCountedAgainstTheRoom() {
    Red.stop();
    List<ServerSpan> open = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      ServerSpan request = begin("/events");
      assertTrue(request.kept().hold());
      for (int n = 0; n < 200; n++) {
        query();
      }
      request.exit();
      open.add(request);
      assertTrue(keeping().held() <= 512, () -> keeping().held() + " spans wait");
    }
    assertTrue(open.get(0).kept().leave());
    assertFalse(open.get(9).kept().leave());
    assertTrue(keeping().leftOut(Keeping.Reason.NO_ROOM) > 0);
    for (ServerSpan request : open) {
      request.kept().release();
      request.end();
    }
    assertEquals(0, keeping().held());
    assertEquals(0, keeping().noted());
  }

  @Test
  void traceThatIsOverAndHeldByNothing_hasNoSpans_andIsNotShownLater() {
    Red.stop();
    ServerSpan unheld = begin("/a");
    query();
    DatabaseSpan late = DatabaseSpan.start(database, null);
    assertEquals(2, keeping().noted());
    end(unheld);
    assertEquals(0, keeping().noted());
    late.end();
    assertEquals(0, keeping().noted());
    assertFalse(late.kept().hold());
    ServerSpan held = begin("/a");
    assertTrue(held.kept().hold());
    query();
    end(held);
    assertEquals(2, keeping().noted());
    held.kept().release();
    assertEquals(0, keeping().noted());
    assertEquals(0, keeping().held());
    assertFalse(held.kept().hold());
  }

  @Test
  void tracesWithIdsThatAreAlike_areOneEach() {
    List<ServerSpan> outer = new ArrayList<>();
    for (int i = 0; i < Keeping.PLACES; i++) {
      headers.put("traceparent", unsampled(i));
      outer.add(begin("/outer"));
      outer.get(i).exit();
    }
    for (int i = 0; i < Keeping.PLACES; i++) {
      headers.put("traceparent", unsampled(i));
      ServerSpan inner = begin("/inner");
      end(inner);
      assertSame(outer.get(i).kept(), inner.kept());
    }
    assertEquals(0, keeping().displaced());
    outer.forEach(Span::end);
  }

  /** Of another trace each, whose places begin at the same one. */
  private static String unsampled(int number) {
    return String.format("00-%016x%016x-00f067aa0ba902b7-00", number + 1L, 0xa3ce929d0e0e4736L);
  }

  /** A span that is never ended must not keep places for ever, nor what finds it. */
  @Test
  void tracesThatRunTooLong_giveUpTheirPlaces() {
    List<ServerSpan> open = new ArrayList<>();
    for (int i = 0; i < 3000; i++) {
      ServerSpan span = begin("/a");
      if (i % 3 == 0) {
        query();
      }
      span.exit();
      open.add(span);
    }
    shown(red);
    int noted = keeping().noted();
    assertTrue(noted >= 1800, () -> noted + " places");
    int now = Keeping.seconds();
    keeping().tidyAll(now + Keeping.LONGEST_SECONDS - 60);
    assertEquals(noted, keeping().noted());
    keeping().tidyAll(now + Keeping.LONGEST_SECONDS + 60);
    assertEquals(0, keeping().noted());
    assertEquals(0, keeping().held());
    assertEquals(0, keeping().displaced());
    assertEquals(noted / 2, keeping().leftOut(Keeping.Reason.LONG_RUNNING));
    // Those that had no places then do not keep what they take later; one of them is shown.
    for (ServerSpan late : List.of(open.get(1), open.get(4), open.get(7))) {
      late.enter();
      query();
      late.leave();
    }
    assertEquals(6, keeping().noted());
    shown(red);
    assertEquals(4, keeping().noted());
    keeping().tidyAll(now + Keeping.LONGEST_SECONDS + 60);
    assertEquals(0, keeping().noted());
    open.forEach(Span::end);
  }

  @Test
  void runningTracesThatGaveWay_areForgottenOnceTheyEnd() {
    for (int round = 0; round < 20; round++) {
      List<ServerSpan> open = new ArrayList<>();
      for (int i = 0; i < 2000; i++) {
        ServerSpan span = begin("/a");
        span.exit();
        open.add(span);
      }
      open.forEach(Span::end);
    }
    assertTrue(keeping().displaced() < 4000, () -> keeping().displaced() + " of 40,000");
  }

  @Test
  void endOfTheJvm_letsGoWhatWouldBeShown_andNothingLater() {
    ServerSpan request = request("/a");
    Keeping.close();
    assertTrue(recording.left().contains(request));
    request("/b");
    List<Exemplar> exemplars = shown(red);
    assertTrue(exemplars.stream().allMatch(exemplar -> exemplar.traceLo == request.traceLo()));
    assertEquals(List.of(), recording.left());
  }

  @Test
  void withoutTheOption_nothingIsKept() {
    Keeping.stop();
    ServerSpan request = request("/a");
    assertFalse(request.exported());
    assertNull(request.kept());
    assertEquals(List.of(), shown(red));
  }

  @Test
  void everyExemplar_ofManyThreadsAndTwoReaders_hasLeft() throws InterruptedException {
    Tracing.sampler(Sampler.ratio(0.01, false));
    AtomicBoolean over = new AtomicBoolean();
    Set<Long> left = new HashSet<>();
    Set<Exemplar> exemplars = ConcurrentHashMap.newKeySet();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      threads.add(
          new Thread(
              () -> {
                for (int n = 0; n < 20_000; n++) {
                  request("/" + ThreadLocalRandom.current().nextInt(20));
                }
              }));
    }
    List<Thread> readers = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      readers.add(
          new Thread(
              () -> {
                while (!over.get()) {
                  exemplars.addAll(shown(red));
                  LockSupport.parkNanos(5_000_000);
                }
              }));
    }
    Thread consumer =
        new Thread(
            () -> {
              while (!over.get()) {
                recording.left().forEach(span -> left.add(span.id()));
              }
            });
    threads.forEach(Thread::start);
    readers.forEach(Thread::start);
    consumer.start();
    for (Thread thread : threads) {
      thread.join();
    }
    over.set(true);
    for (Thread reader : readers) {
      reader.join();
    }
    consumer.join();
    exemplars.addAll(shown(red));
    recording.left().forEach(span -> left.add(span.id()));
    assertFalse(exemplars.isEmpty());
    exemplars.forEach(exemplar -> assertTrue(left.contains(exemplar.spanId)));
    assertEquals(0, keeping().held());
  }
}
