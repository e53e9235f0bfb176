package io.sonde.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sonde.testing.Artifacts;
import io.sonde.testing.ForkedJvm;
import io.sonde.testing.OtlpSink;
import io.sonde.testing.Ports;
import io.sonde.testing.ReceivedSpan;
import io.sonde.testing.ReceivedSpan.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tomcat as it is downloaded, with its own examples as a war: servlets, JSPs, asynchronous ones.
 */
class TomcatDistributionTest {
  private static final Duration LONG = Duration.ofSeconds(90);

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"9.0.98", "10.1.34"})
  void examplesAsAWar_areTraced(String version) throws Exception {
    Path home = folder.resolve("apache-tomcat-" + version);
    unzip(Artifacts.file("org.apache.tomcat:tomcat:zip:" + version), folder);
    zip(home.resolve("webapps/examples"), home.resolve("webapps/shipped.war"));
    int port = Ports.free();
    Path server = home.resolve("conf/server.xml");
    Files.writeString(
        server,
        Files.readString(server)
            .replace("port=\"8080\"", "port=\"" + port + "\" address=\"127.0.0.1\"")
            .replace("port=\"8005\"", "port=\"-1\""));
    try (OtlpSink sink = OtlpSink.http();
        ForkedJvm tomcat =
            ForkedJvm.onCurrent()
                .agent(sink)
                .env("OTEL_SERVICE_NAME", "tomcat")
                .jvmArg("--add-opens=java.base/java.lang=ALL-UNNAMED")
                .property("catalina.home", home.toString())
                .property("catalina.base", home.toString())
                .property("java.io.tmpdir", home.resolve("temp").toString())
                .property(
                    "java.util.logging.config.file",
                    home.resolve("conf/logging.properties").toString())
                .property("java.util.logging.manager", "org.apache.juli.ClassLoaderLogManager")
                .classPath(
                    List.of(home.resolve("bin/bootstrap.jar"), home.resolve("bin/tomcat-juli.jar")))
                .main("org.apache.catalina.startup.Bootstrap")
                .arg("start")
                .start()) {
      tomcat.awaitErrorLine(Pattern.compile("Server startup in"), LONG);
      String url = "http://127.0.0.1:" + port + "/shipped";
      check(
          sink,
          url + "/servlets/servlet/HelloWorldExample",
          200,
          "GET /shipped/servlets/servlet/HelloWorldExample");
      check(sink, url + "/jsp/jsp2/el/basic-arithmetic.jsp", 200, "GET /shipped/*.jsp");
      check(sink, url + "/async/async1", 200, "GET /shipped/async/async1");
      check(sink, url + "/nothing/here", 404, "GET");
      assertEquals(
          List.of(), tomcat.stderr().stream().filter(line -> line.startsWith("[sonde]")).toList());
    }
  }

  private static void check(OtlpSink sink, String url, int status, String name) throws Exception {
    sink.clear();
    HttpResponse<String> answer =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(URI.create(url)).build(),
                HttpResponse.BodyHandlers.ofString());
    assertEquals(status, answer.statusCode(), url);
    ReceivedSpan span = sink.awaitSpans(1, LONG).get(0);
    assertEquals(Kind.SERVER, span.kind());
    assertEquals((long) status, span.attribute("http.response.status_code"), url);
    assertEquals(URI.create(url).getPath(), span.attribute("url.path"));
    assertEquals(name, span.name(), url);
  }

  private static void unzip(Path archive, Path to) throws IOException {
    try (ZipFile zip = new ZipFile(archive.toFile())) {
      for (ZipEntry entry : zip.stream().toList()) {
        Path file = to.resolve(entry.getName());
        if (entry.isDirectory()) {
          Files.createDirectories(file);
        } else {
          Files.createDirectories(file.getParent());
          try (InputStream in = zip.getInputStream(entry)) {
            Files.copy(in, file);
          }
        }
      }
    }
  }

  private static void zip(Path from, Path archive) throws IOException {
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(archive));
        Stream<Path> files = Files.walk(from)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        out.putNextEntry(new ZipEntry(from.relativize(file).toString()));
        Files.copy(file, out);
      }
    }
  }
}
