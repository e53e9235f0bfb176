package io.sonde.libraries.tomcat;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sonde.libraries.servers.AppSource;
import io.sonde.libraries.servers.Served;
import io.sonde.libraries.servers.ServletRequests;
import io.sonde.testing.Artifacts;
import io.sonde.testing.ForkedJvm;
import io.sonde.testing.Jdks;
import io.sonde.testing.ReceivedSpan;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.CsvSource;

/** Embedded Tomcat: version, JDK, javax or jakarta. */
@ParameterizedClass
@CsvSource({"8.5.0, 8, false", "9.0.121, 17, false", "10.1.59, 21, true", "11.0.25, 25, true"})
class TomcatTest implements ServletRequests {
  private static Served served;

  private final int jdk;

  TomcatTest(String version, int jdk, boolean jakarta) {
    this.jdk = jdk;
  }

  @BeforeParameterizedClassInvocation
  static void start(String version, int jdk, boolean jakarta) {
    String embed = "org.apache.tomcat.embed:tomcat-embed-";
    List<Path> tomcat =
        version.equals("8.5.0")
            ? Artifacts.classPath(embed + "core:8.5.0", embed + "logging-juli:8.5.0")
            : Artifacts.classPath(embed + "core:" + version);
    served =
        Served.start(
            ForkedJvm.on(Jdks.of(jdk).orElse(Jdks.current()))
                .classPath(
                    AppSource.of("ids", "servlet", "tomcat").jakarta(jakarta).compile(tomcat))
                .main("app.TomcatMain"));
  }

  @AfterParameterizedClassInvocation
  static void stop() {
    served.close();
  }

  @Override
  public Served served() {
    return served;
  }

  @Override
  public Set<String> abandonedAsynchronous() {
    return Set.of(abandoned(), "java.io.IOException");
  }

  @Override
  public String versionOverTls() {
    // Tomcat 8.5.0 answers no handshake of today.
    return jdk > 8 ? "2" : "";
  }

  @Override
  public String abandoned() {
    return "org.apache.catalina.connector.ClientAbortException";
  }

  @Test
  void ajp_saysWhatTheFrontEndSaw() throws Exception {
    String trace = "ab".repeat(16);
    int status =
        Ajp.get(
            served.port("AJP"),
            "/shop/hello",
            "203.0.113.7",
            "shop.example",
            Map.of(
                "Host",
                "shop.example",
                "traceparent",
                "00-" + trace + "-" + "cd".repeat(8) + "-01"));
    assertEquals(200, status);
    ReceivedSpan span =
        served.sink().awaitSpans(s -> s.traceId().equals(trace), 1, Duration.ofSeconds(30)).get(0);
    assertEquals("GET /shop/hello", span.name());
    assertEquals("https", span.attribute("url.scheme"));
    assertEquals("shop.example", span.attribute("server.address"));
    assertEquals(443L, span.attribute("server.port"));
    assertEquals("203.0.113.7", span.attribute("client.address"));
    assertEquals("1.1", span.attribute("network.protocol.version"));
    assertEquals(200L, span.attribute("http.response.status_code"));
  }

  @Test
  void severalTraceparents_beginATrace_severalStatesAreOne() throws Exception {
    String trace = "45".repeat(16);
    String parent = "00-" + trace + "-" + "67".repeat(8) + "-01";
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://localhost:" + served.port() + "/shop/hello"))
            .header("tracestate", "rojo=1")
            .header("tracestate", "congo=2")
            .header("traceparent", parent);
    HttpClient client = HttpClient.newHttpClient();
    client.send(request.build(), HttpResponse.BodyHandlers.discarding());
    client.send(
        request.header("traceparent", parent.replace("67", "89")).build(),
        HttpResponse.BodyHandlers.discarding());

    served.get("/shop/hello").span();
    List<ReceivedSpan> spans =
        served.sink().spans().stream().filter(span -> span.traceId().equals(trace)).toList();
    assertEquals(1, spans.size());
    assertEquals("6767676767676767", spans.get(0).parentSpanId());
    assertEquals("rojo=1,congo=2", spans.get(0).traceState());
  }
}
