package io.sonde.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HttpCallTest {
  private final Recording recording = Recording.all();

  @AfterEach
  void stop() {
    recording.close();
  }

  @Test
  void attempts_insideARequest_areSiblingsWithTheirCount() {
    ServerSpan server = Recording.server();
    HttpCall call = HttpCall.begin("GET");
    assertFalse(call.sending("GET"));
    call.span().status(302);
    call.span().end();
    assertTrue(call.sending("POST"));
    call.span().status(503);
    call.span().end();
    assertTrue(call.sending("POST"));
    call.end(null);
    server.exit();

    List<Span> spans = recording.left();
    assertEquals(3, spans.size());
    Object[] counts = {null, 1L, 2L};
    for (int i = 0; i < 3; i++) {
      Span span = spans.get(i);
      assertEquals(server.id(), span.parentId());
      assertEquals(server.traceLo(), span.traceLo());
      assertSame(server, span.server());
      assertEquals(
          counts[i], Recording.attributes(span).get("http.request.resend_count"), "attempt " + i);
    }
    assertNotEquals(spans.get(0).id(), spans.get(1).id());
    assertEquals("POST", spans.get(1).name());
    assertEquals("503", spans.get(1).errorType());
  }

  @Test
  void attempts_withoutParent_areTracesOfTheirOwn() {
    HttpCall call = HttpCall.begin("GET");
    call.sending("GET");
    call.sending("GET");
    call.end(null);
    List<Span> spans = recording.left();
    assertEquals(2, spans.size());
    assertEquals(0, spans.get(1).parentId());
    assertNotEquals(spans.get(0).traceLo(), spans.get(1).traceLo());
  }

  @Test
  void call_neverSent_endsWithWhatItThrew() {
    HttpCall call = HttpCall.begin("GET");
    call.end(new IllegalStateException());
    List<Span> spans = recording.left();
    assertEquals("java.lang.IllegalStateException", spans.get(0).errorType());
    assertNull(HttpCall.current());
  }

  @Test
  void redirect_withoutAConnection_isAnAttemptThatFailed() {
    HttpCall call = HttpCall.begin("POST");
    assertFalse(call.connecting("POST"));
    assertFalse(call.sending("POST"));
    call.span().status(303);
    call.span().end();
    assertTrue(call.connecting("GET"));
    call.span().address("http", "gone.example", 81);
    assertFalse(call.connecting("GET"), "another address of the same host");
    call.end(new java.net.ConnectException());

    List<Span> spans = recording.left();
    assertEquals(2, spans.size());
    assertNull(spans.get(0).errorType());
    assertEquals("GET", spans.get(1).name());
    assertEquals("java.net.ConnectException", spans.get(1).errorType());
    assertEquals(1L, Recording.attributes(spans.get(1)).get("http.request.resend_count"));
    assertEquals("gone.example", Recording.attributes(spans.get(1)).get("server.address"));
  }

  @Test
  void refusal_thatTheApplicationAnswersForItself_isAnAttemptThatFailed() {
    HttpCall call = HttpCall.begin("GET");
    call.sending("GET");
    call.span().end();
    call.connecting("GET");
    call.refused(new IllegalStateException());
    call.end(null);
    List<Span> spans = recording.left();
    assertEquals(2, spans.size());
    assertEquals("java.lang.IllegalStateException", spans.get(1).errorType());
  }

  @Test
  void refusal_ofOneAddressAmongOthers_isForgottenOnceSent() {
    HttpCall call = HttpCall.begin("GET");
    call.sending("GET");
    call.span().end();
    call.connecting("GET");
    call.refused(new IllegalStateException());
    call.sending("GET");
    call.end(null);
    List<Span> spans = recording.left();
    assertEquals(2, spans.size());
    assertNull(spans.get(1).errorType());
  }

  @Test
  void redirect_withAConnection_isOneAttempt() {
    HttpCall call = HttpCall.begin("GET");
    call.sending("GET");
    call.span().end();
    assertTrue(call.connecting("GET"));
    ClientSpan second = call.span();
    assertTrue(call.sending("GET"));
    assertSame(second, call.span());
    call.end(null);
    assertEquals(2, recording.left().size());
  }

  @Test
  void connection_thatWasNotNeeded_isNoAttempt() {
    HttpCall call = HttpCall.begin("GET");
    call.sending("GET");
    call.span().end();
    call.connecting("GET");
    call.end(null);
    assertEquals(1, recording.left().size());
  }

  @Test
  void failure_afterTheResponse_isNoAttempt() {
    HttpCall call = HttpCall.begin("GET");
    call.sending("GET");
    call.span().status(200);
    call.span().end();
    call.end(new IllegalStateException());
    List<Span> spans = recording.left();
    assertEquals(1, spans.size());
    assertNull(spans.get(0).errorType());
  }

  @Test
  void call_insideAnother_isItsOwn() {
    HttpCall outer = HttpCall.begin("GET");
    HttpCall inner = HttpCall.begin("GET");
    assertSame(inner, HttpCall.current());
    inner.sending("GET");
    inner.end(null);
    assertSame(outer, HttpCall.current());
    assertFalse(outer.sending("GET"));
    outer.end(null);
    assertEquals(2, recording.left().size());
  }

  @Test
  void call_belowAnotherClientsSpan_makesNone() {
    ClientSpan other = ClientSpan.start("GET");
    assertNotNull(other);
    other.enter();
    HttpCall call = HttpCall.begin("GET");
    assertNull(HttpCall.current());
    assertFalse(call.sending("GET"));
    call.end(null);
    other.leave();
    other.end();
    assertEquals(1, recording.left().size());
  }
}
