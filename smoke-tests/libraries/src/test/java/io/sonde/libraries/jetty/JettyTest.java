package io.sonde.libraries.jetty;

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

/** Embedded Jetty before 12: version, JDK, javax or jakarta. */
@ParameterizedClass
@CsvSource({
  "9.4.0.v20161208, 8, false",
  "9.4.57.v20241219, 17, false",
  "10.0.26, 11, false",
  "11.0.26, 21, true"
})
class JettyTest implements ServletRequests {
  private static Served served;

  JettyTest(String version, int jdk, boolean jakarta) {}

  @BeforeParameterizedClassInvocation
  static void start(String version, int jdk, boolean jakarta) {
    List<Path> jetty =
        Artifacts.classPath(
            "org.eclipse.jetty:jetty-servlet:" + version,
            "org.eclipse.jetty.http2:http2-server:" + version);
    served =
        Served.start(
            ForkedJvm.on(Jdks.of(jdk).orElse(Jdks.current()))
                .classPath(
                    AppSource.of("ids", "servlet", "jetty")
                        .jakarta(jakarta)
                        .replace(
                            "SslContextFactory.Server",
                            version.startsWith("9.4.0")
                                ? "SslContextFactory"
                                : "SslContextFactory.Server")
                        .compile(jetty))
                .main("app.JettyMain"));
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
    return "1.1";
  }

  @Override
  public String abandoned() {
    return "org.eclipse.jetty.io.EofException";
  }
}
