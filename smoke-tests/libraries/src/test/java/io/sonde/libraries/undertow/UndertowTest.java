package io.sonde.libraries.undertow;

import io.sonde.libraries.servers.AppSource;
import io.sonde.libraries.servers.Served;
import io.sonde.libraries.servers.ServletRequests;
import io.sonde.testing.Artifacts;
import io.sonde.testing.ForkedJvm;
import io.sonde.testing.Jdks;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.CsvSource;

/** Undertow with servlets: version, JDK, javax or jakarta. */
@ParameterizedClass
@CsvSource({"1.4.28.Final, 8, false", "2.2.38.Final, 11, false", "2.3.26.Final, 21, true"})
class UndertowTest implements ServletRequests {
  private static Served served;

  UndertowTest(String version, int jdk, boolean jakarta) {}

  @BeforeParameterizedClassInvocation
  static void start(String version, int jdk, boolean jakarta) {
    List<Path> undertow = Artifacts.classPath("io.undertow:undertow-servlet:" + version);
    served =
        Served.start(
            ForkedJvm.on(Jdks.of(jdk).orElse(Jdks.current()))
                .classPath(
                    AppSource.of("ids", "servlet", "undertow").jakarta(jakarta).compile(undertow))
                .main("app.UndertowMain"));
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
  public String versionOverTls() {
    return "2";
  }

  @Override
  public String abandoned() {
    return "java.nio.channels.ClosedChannelException";
  }
}
