package io.sonde.libraries.jaxrs;

import io.sonde.libraries.servers.AppSource;
import io.sonde.libraries.servers.Served;
import io.sonde.testing.Artifacts;
import io.sonde.testing.ForkedJvm;
import io.sonde.testing.Jdks;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.CsvSource;

/** JAX-RS in Tomcat: implementation, version, JDK, Tomcat. */
@ParameterizedClass
@CsvSource({
  "jersey, 2.26, 8, 9.0.121",
  "jersey, 3.1.9, 17, 10.1.59",
  "jersey, 4.0.3, 21, 11.0.25",
  "resteasy, 3.15.6.Final, 8, 9.0.121",
  "resteasy, 6.2.12.Final, 17, 10.1.59",
  "resteasy, 7.0.5.Final, 25, 11.0.25"
})
class JaxrsTest {
  private static Served served;

  JaxrsTest(String implementation, String version, int jdk, String tomcat) {}

  @BeforeParameterizedClassInvocation
  static void start(String implementation, String version, int jdk, String tomcat) {
    boolean jersey = implementation.equals("jersey");
    boolean jakarta = !tomcat.startsWith("9");
    List<String> artifacts = new ArrayList<>();
    artifacts.add("org.apache.tomcat.embed:tomcat-embed-core:" + tomcat);
    if (jersey) {
      artifacts.add("org.glassfish.jersey.containers:jersey-container-servlet:" + version);
      artifacts.add("org.glassfish.jersey.inject:jersey-hk2:" + version);
    } else {
      artifacts.add("org.jboss.resteasy:resteasy-" + (jakarta ? "core" : "jaxrs") + ':' + version);
    }
    List<Path> classPath = Artifacts.classPath(artifacts.toArray(String[]::new));
    served =
        Served.start(
            ForkedJvm.on(Jdks.of(jdk).orElse(Jdks.current()))
                .classPath(AppSource.of("jaxrs").jakarta(jakarta).compile(classPath))
                .main("app.JaxrsMain")
                .arg(
                    jersey
                        ? "org.glassfish.jersey.servlet.ServletContainer"
                        : "org.jboss.resteasy.plugins.server.servlet.HttpServletDispatcher"));
  }

  @AfterParameterizedClassInvocation
  static void stop() {
    served.close();
  }

  @Test
  void resource_matched_hasItsTemplates() {
    served.get("/shop/api/items").expect("/shop/api/items", 200);
    served.get("/shop/api/items/42").expect("/shop/api/items/{id}", 200);
    served.get("/shop/api/items/42/later").expect("/shop/api/items/{id}/later", 200);
  }

  @Test
  void subResource_matched_hasTheTemplatesOfTheWholeWay() {
    served.get("/shop/api/items/42/parts/7").expect("/shop/api/items/{id}/parts/{part}", 200);
  }

  @Test
  void resource_throwing_is500() {
    served.get("/shop/api/items/42/fail").expect("/shop/api/items/{id}/fail", 500, "500");
  }

  @Test
  void resource_none_keepsTheServletsRoute() {
    served.get("/shop/api/nothing").expect("/shop/api/*", 404);
  }
}
