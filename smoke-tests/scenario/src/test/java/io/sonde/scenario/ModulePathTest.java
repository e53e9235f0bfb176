package io.sonde.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sonde.testing.Artifacts;
import io.sonde.testing.ForkedJvm;
import io.sonde.testing.Jdk;
import io.sonde.testing.Jdks;
import io.sonde.testing.OtlpSink;
import io.sonde.testing.ReceivedSpan;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * An application that is one named module with its library inside, and nothing on the class path:
 * the module reaches what is defined beside it, and shows it the packages that it hides.
 */
class ModulePathTest {
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final String OKHTTP = "com.squareup.okhttp3:okhttp:3.14.9";

  private static final String MODULE =
      "module shop { requires jdk.httpserver; requires java.logging; }";

  private static final String MAIN =
      """
      package shop;

      import com.sun.net.httpserver.HttpServer;
      import java.net.InetAddress;
      import java.net.InetSocketAddress;
      import okhttp3.OkHttpClient;
      import okhttp3.Request;

      public final class Main {
        public static void main(String[] args) throws Exception {
          InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
          HttpServer server = HttpServer.create(any, 0);
          server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
          });
          server.start();
          String url = "http://127.0.0.1:" + server.getAddress().getPort() + "/";
          new OkHttpClient().newCall(new Request.Builder().url(url).build()).execute().close();
          System.out.println(OkHttpClient.class.getModule().getName());
          System.exit(0);
        }
      }
      """;

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({"11, java.base", "25, java.base", "17, ALL-UNNAMED"})
  void libraryInsideAModule_isTraced_whateverTheModuleReads(int version, String reads)
      throws Exception {
    Jdk jdk = Jdks.of(version).orElse(Jdks.current());
    String library =
        Artifacts.classPath(OKHTTP).stream()
            .map(Path::toString)
            .collect(Collectors.joining(File.pathSeparator));
    Path module = compile(library);
    try (OtlpSink sink = OtlpSink.http();
        ForkedJvm app =
            ForkedJvm.on(jdk)
                .agent(sink)
                .jvmArg("-p", module.toString(), "--patch-module", "shop=" + library)
                .jvmArg("--add-reads=shop=" + reads, "-m", "shop/shop.Main")
                .start()) {
      assertEquals(0, app.awaitExit(LONG), () -> app.failure("exit").getMessage());
      assertEquals(List.of("shop"), app.stdout());
      List<ReceivedSpan> spans = sink.awaitSpans(2, LONG);
      assertEquals(
          Set.of("CLIENT", "SERVER"),
          spans.stream().map(span -> span.kind().name()).collect(Collectors.toSet()));
      assertEquals(1, spans.stream().map(ReceivedSpan::traceId).distinct().count());
      assertEquals(
          List.of(), app.stderr().stream().filter(line -> line.startsWith("[sonde]")).toList());
    }
  }

  private Path compile(String library) throws Exception {
    Path info = folder.resolve("module-info.java");
    Path main = folder.resolve("Main.java");
    Files.writeString(info, MODULE);
    Files.writeString(main, MAIN);
    Path out = folder.resolve("shop");
    String[] arguments = {
      "--release",
      "11",
      "--patch-module",
      "shop=" + library,
      "-d",
      out.toString(),
      info.toString(),
      main.toString()
    };
    assertEquals(0, ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments));
    return out;
  }
}
