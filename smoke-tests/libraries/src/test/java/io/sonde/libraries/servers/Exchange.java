package io.sonde.libraries.servers;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sonde.testing.ReceivedSpan;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;

/** A request's answer and, once asked for, its server span. */
public final class Exchange {
  private final Served served;
  private final String trace;
  private final HttpResponse<String> response;

  Exchange(Served served, String trace, HttpResponse<String> response) {
    this.served = served;
    this.trace = trace;
    this.response = response;
  }

  public String trace() {
    return trace;
  }

  public int status() {
    return response.statusCode();
  }

  /** 2 or 1.1. */
  String version() {
    return response.version() == HttpClient.Version.HTTP_2 ? "2" : "1.1";
  }

  public String body() {
    return response.body();
  }

  /** A response header, or an empty string. */
  public String header(String name) {
    return response.headers().firstValue(name).orElse("");
  }

  /** The one server span of this request, below the caller's. */
  public ReceivedSpan span() {
    ReceivedSpan span = served.span(trace);
    assertEquals(Served.PARENT, span.parentSpanId());
    return span;
  }

  /** Checks route (empty for none) and status of the span, and that it did not fail. */
  public ReceivedSpan expect(String route, int status) {
    return expect(route, status, "");
  }

  /** Checks route (empty for none), status and error.type (empty for none) of the span. */
  public ReceivedSpan expect(String route, int status, String error) {
    ReceivedSpan span = span();
    assertEquals(status, status(), body());
    assertEquals((long) status, span.attribute("http.response.status_code"), span.toString());
    assertEquals(route.isEmpty() ? "GET" : "GET " + route, span.name());
    assertEquals(route.isEmpty() ? null : route, span.attribute("http.route"), span.toString());
    assertEquals(error.isEmpty() ? null : error, span.attribute("error.type"), span.toString());
    assertEquals(
        error.isEmpty() ? ReceivedSpan.Status.UNSET : ReceivedSpan.Status.ERROR,
        span.status(),
        span.toString());
    return span;
  }
}
