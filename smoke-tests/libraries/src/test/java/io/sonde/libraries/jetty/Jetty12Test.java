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

/** Embedded Jetty 12: version, environment, JDK. */
@ParameterizedClass
@CsvSource({"12.0.0, ee10, 17", "12.0.25, ee8, 21", "12.1.14, ee11, 25"})
class Jetty12Test implements ServletRequests {
  private static Served served;

  Jetty12Test(String version, String env, int jdk) {}

  @BeforeParameterizedClassInvocation
  static void start(String version, String env, int jdk) {
    List<Path> jetty =
        Artifacts.classPath(
            "org.eclipse.jetty." + env + ":jetty-" + env + "-servlet:" + version,
            "org.eclipse.jetty.http2:jetty-http2-server:" + version);
    served =
        Served.start(
            ForkedJvm.on(Jdks.of(jdk).orElse(Jdks.current()))
                .classPath(
                    AppSource.of("ids", "servlet", "jetty")
                        .replace("jetty.servlet", "jetty." + env + ".servlet")
                        .jakarta(!env.equals("ee8"))
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
