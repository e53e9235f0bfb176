package io.sonde.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sonde.testing.ReceivedSpan.Kind;
import io.sonde.testing.ReceivedSpan.Status;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConventionsTest {
  private static final Map<String, Object> SERVER =
      Map.of(
          "http.request.method", "GET",
          "http.route", "/cart/{id}",
          "http.response.status_code", 200L,
          "url.path", "/cart/7",
          "url.scheme", "http");

  @Test
  void rightSpan_isRight() {
    assertEquals(List.of(), Conventions.of(server(SERVER)));
    Conventions.check(List.of(server(SERVER)));
  }

  @Test
  void missingAndUnknownAttributesAndWrongTypes_areSaid() {
    Map<String, Object> attributes = new HashMap<>(SERVER);
    attributes.remove("url.path");
    attributes.put("http.method", "GET");
    attributes.put("http.response.status_code", "200");
    assertEquals(
        List.of(
            "no url.path",
            "http.response.status_code of type string",
            "not in the table: [http.method]"),
        Conventions.of(server(attributes)));
  }

  @Test
  void errorWithoutItsType_andAnotherName_areSaid() {
    Map<String, Object> attributes = new HashMap<>(SERVER);
    attributes.put("http.response.status_code", 503L);
    attributes.remove("http.route");
    assertEquals(
        List.of(
            "the name GET /cart/{id} instead of GET",
            "status 503 without error.type",
            "status ERROR without error.type"),
        Conventions.of(span("GET /cart/{id}", Kind.SERVER, Status.ERROR, attributes)));
  }

  @Test
  void kindOfAMessage_goesWithItsType() {
    Map<String, Object> attributes =
        Map.of(
            "messaging.system", "kafka",
            "messaging.operation.name", "poll",
            "messaging.operation.type", "receive",
            "messaging.destination.name", "orders");
    ReceivedSpan poll = span("poll orders", Kind.CONSUMER, Status.UNSET, attributes);
    assertEquals(List.of("the type receive and the kind CONSUMER"), Conventions.of(poll));
    AssertionError said =
        assertThrows(AssertionError.class, () -> Conventions.check(List.of(poll)));
    assertTrue(said.getMessage().contains("the type receive"), said.getMessage());
  }

  private static ReceivedSpan server(Map<String, Object> attributes) {
    return span("GET /cart/{id}", Kind.SERVER, Status.UNSET, attributes);
  }

  private static ReceivedSpan span(
      String name, Kind kind, Status status, Map<String, Object> attributes) {
    return new ReceivedSpan(
        Map.of(),
        "io.sonde",
        "1",
        "0af7651916cd43dd8448eb211c80319c",
        "b7ad6b7169203331",
        "",
        "",
        0,
        name,
        kind,
        1,
        2,
        attributes,
        List.of(),
        List.of(),
        status,
        "",
        0);
  }
}
