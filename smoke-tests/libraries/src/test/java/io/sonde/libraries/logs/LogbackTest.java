package io.sonde.libraries.logs;

import io.sonde.libraries.servers.AppSource;
import io.sonde.libraries.servers.Served;
import io.sonde.testing.Artifacts;
import io.sonde.testing.ForkedJvm;
import io.sonde.testing.Jdks;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.CsvSource;

/** Logback: version, JDK, a JSON encoder and the artifact that has it. */
@ParameterizedClass
@CsvSource({
  "1.2.0, 8, net.logstash.logback.encoder.LogstashEncoder, net.logstash.logback:logstash-logback-encoder:6.6",
  "1.2.13, 11, co.elastic.logging.logback.EcsEncoder, co.elastic.logging:logback-ecs-encoder:1.7.0",
  "1.3.16, 8, net.logstash.logback.encoder.LogstashEncoder, net.logstash.logback:logstash-logback-encoder:7.4",
  "1.4.14, 17, co.elastic.logging.logback.EcsEncoder, co.elastic.logging:logback-ecs-encoder:1.7.0",
  "1.5.38, 21, net.logstash.logback.encoder.LogstashEncoder, net.logstash.logback:logstash-logback-encoder:9.0",
  "1.6.6, 25, ch.qos.logback.classic.encoder.JsonEncoder, ch.qos.logback:logback-core:1.6.6"
})
class LogbackTest implements LoggedLines {
  private static Served served;

  LogbackTest(String version, int jdk, String encoder, String artifact) {}

  @BeforeParameterizedClassInvocation
  static void start(String version, int jdk, String encoder, String artifact) {
    List<Path> libraries =
        Artifacts.of(
                "ch.qos.logback:logback-classic:" + version,
                artifact,
                "org.apache.tomcat.embed:tomcat-embed-core:9.0.100")
            .with(
                "ch.qos.logback:logback-classic:" + version,
                "ch.qos.logback:logback-core:" + version)
            .classPath();
    served =
        Served.start(
            ForkedJvm.on(Jdks.of(jdk).orElse(Jdks.current()))
                .classPath(AppSource.of("logs", "logback").compile(libraries))
                .property(
                    "logback.configurationFile",
                    Path.of("src/test/apps/logback/logback.xml").toAbsolutePath().toString())
                .property("json", encoder)
                .main("app.LogbackMain"));
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
    return "none";
  }

  @Override
  public String serialized() {
    return "java.util.HashMap";
  }
}
