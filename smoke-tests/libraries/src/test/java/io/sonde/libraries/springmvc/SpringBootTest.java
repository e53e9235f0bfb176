package io.sonde.libraries.springmvc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.sonde.libraries.servers.AppSource;
import io.sonde.libraries.servers.Exchange;
import io.sonde.libraries.servers.Served;
import io.sonde.testing.Artifacts;
import io.sonde.testing.ForkedJvm;
import io.sonde.testing.Jdks;
import io.sonde.testing.JvmLaunch;
import io.sonde.testing.ReceivedSpan;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Spring Boot's web starter: version, JDK, container, path of the application, path of the
 * dispatcher servlet.
 */
@ParameterizedClass
@CsvSource({
  "1.5.22.RELEASE, 8, tomcat, '', ''",
  "2.7.18, 11, tomcat, /shop, /api",
  "3.5.16, 21, undertow, /shop, ''",
  "4.0.9, 21, tomcat, /shop, ''",
  "4.1.1, 25, jetty, '', ''"
})
class SpringBootTest {
  private static Served served;

  private final boolean old;
  private final String base;

  SpringBootTest(String version, int jdk, String container, String path, String servlet) {
    old = version.startsWith("1.");
    base = path + servlet;
  }

  @BeforeParameterizedClassInvocation
  static void start(String version, int jdk, String container, String path, String servlet) {
    String starter = "org.springframework.boot:spring-boot-starter-";
    List<String> starters = new ArrayList<>(List.of(starter + "web:" + version));
    List<String> without = new ArrayList<>();
    if (!container.equals("tomcat")) {
      starters.add(starter + container + ':' + version);
      without.add(starter + "tomcat");
    }
    boolean old = version.startsWith("1.");
    AppSource app =
        old ? AppSource.of("ids", "boot") : AppSource.of("ids", "boot", "boot-functional");
    JvmLaunch launch =
        ForkedJvm.on(Jdks.of(jdk).orElse(Jdks.current()))
            .classPath(
                app.jakarta(version.compareTo("3") >= 0)
                    .compile(
                        Artifacts.of(starters.toArray(String[]::new))
                            .without(without.toArray(String[]::new))
                            .classPath()))
            .main("app.BootMain")
            .arg("--server.port=0", "--spring.main.banner-mode=off");
    if (!path.isEmpty()) {
      launch.arg("--server.servlet.context-path=" + path);
    }
    if (!servlet.isEmpty()) {
      launch.arg("--spring.mvc.servlet.path=" + servlet);
    }
    served = Served.start(launch);
  }

  @AfterParameterizedClassInvocation
  static void stop() {
    served.close();
  }

  @Test
  void controller_variable_isNotInTheRoute() {
    Exchange item = served.get(base + "/items/42");
    ReceivedSpan span = item.expect(base + "/items/{id}", 200);
    assertEquals(base + "/items/42", span.attribute("url.path"));
    assertEquals(item.trace(), item.header("x-trace"));
  }

  @Test
  void controller_throwing_keepsItsRouteThroughTheErrorPage() {
    ReceivedSpan span =
        served.get(base + "/items/1/fail").expect(base + "/items/{id}/fail", 500, "500");
    assertTrue(
        span.events().toString().contains("java.lang.IllegalStateException"), span.toString());
    span = served.get(base + "/items/1/handled").expect(base + "/items/{id}/handled", 409);
    assertTrue(span.events().isEmpty(), span.toString());
  }

  @Test
  void controller_asynchronous_endsWithTheAnswer() {
    Exchange callable = served.get(base + "/items/1/callable");
    ReceivedSpan span = callable.expect(base + "/items/{id}/callable", 200);
    assertEquals(callable.trace(), callable.header("x-trace"));
    assertTrue(span.durationNanos() >= 50_000_000, span.toString());
    served
        .get(base + "/items/1/callable-fail")
        .expect(base + "/items/{id}/callable-fail", 500, "500");
    span = served.get(base + "/items/1/deferred").expect(base + "/items/{id}/deferred", 200);
    assertTrue(span.durationNanos() >= 40_000_000, span.toString());
    served.get(base + "/items/1/timeout").expect(base + "/items/{id}/timeout", 503, "503");
  }

  @Test
  void forward_toAnother_keepsTheFirstRoute() {
    // A forward inside the servlet's own path comes back to itself, which Spring refuses.
    boolean refused = base.endsWith("/api");
    Exchange exchange = served.get(base + "/items/forward");
    assertEquals(refused ? 500 : 200, exchange.status());
    assertEquals(base + "/items/forward", exchange.span().attribute("http.route"));
  }

  @Test
  void resources_static_haveTheirPattern() {
    served.get(base + "/page.txt").expect(base + "/**", 200);
    served.get(base + "/no/such/thing").expect(base + "/**", 404);
  }

  @Test
  void function_routed_hasItsPattern() {
    assumeFalse(old);
    served.get(base + "/functions/any").expect(base + "/functions/{name}", 200);
  }
}
