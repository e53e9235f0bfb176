package io.sonde.libraries.logs;

import io.sonde.libraries.servers.AppSource;
import io.sonde.libraries.servers.Served;
import io.sonde.testing.Artifacts;
import io.sonde.testing.ForkedJvm;
import io.sonde.testing.Jdks;
import io.sonde.testing.JvmLaunch;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.CsvSource;

/** Log4j: version, JDK, how the thread context is kept, whether loggers are asynchronous too. */
@ParameterizedClass
@CsvSource({
  "2.17.0, 8, DefaultThreadContextMap, false",
  "2.17.2, 8, GarbageFreeSortedArrayThreadContextMap, true",
  "2.20.0, 11, CopyOnWriteSortedArrayThreadContextMap, true",
  "2.23.1, 17, CopyOnWriteSortedArrayThreadContextMap, false",
  "2.24.3, 21, GarbageFreeSortedArrayThreadContextMap, false",
  "2.26.1, 25, DefaultThreadContextMap, true",
  "2.26.1, 17, GarbageFreeSortedArrayThreadContextMap, true"
})
class Log4jTest implements LoggedLines {
  private static Served served;

  Log4jTest(String version, int jdk, String map, boolean async) {}

  @BeforeParameterizedClassInvocation
  static void start(String version, int jdk, String map, boolean async) {
    List<Path> libraries =
        Artifacts.of(
                "org.apache.logging.log4j:log4j-core:" + version,
                "org.apache.logging.log4j:log4j-layout-template-json:" + version,
                "com.lmax:disruptor:3.4.4",
                "org.apache.tomcat.embed:tomcat-embed-core:9.0.100")
            .classPath();
    JvmLaunch launch =
        ForkedJvm.on(Jdks.of(jdk).orElse(Jdks.current()))
            .classPath(AppSource.of("logs", "log4j").compile(libraries))
            .property(
                "log4j2.configurationFile",
                Path.of("src/test/apps/log4j/log4j2.xml").toAbsolutePath().toString());
    if (map.startsWith("GarbageFree")) {
      launch
          .property("log4j2.garbagefreeThreadContextMap", "true")
          .property("log4j2.isWebapp", "false");
    } else if (map.startsWith("CopyOnWrite")) {
      launch.property(
          "log4j2.threadContextMap",
          "org.apache.logging.log4j.spi.CopyOnWriteSortedArrayThreadContextMap");
    }
    if (async) {
      launch.property(
          "log4j2.contextSelector",
          "org.apache.logging.log4j.core.async.AsyncLoggerContextSelector");
    }
    served = Served.start(launch.main("app.Log4jMain"));
    served.jvm().awaitLine(Pattern.compile("^MODE " + map + " " + async + "$"), PATIENCE);
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
  public String none() {
    return "";
  }

  @Override
  public int jsonLines() {
    return 2;
  }

  @Override
  public String serialized() {
    return "org.apache.logging.log4j.util.SortedArrayStringMap";
  }
}
