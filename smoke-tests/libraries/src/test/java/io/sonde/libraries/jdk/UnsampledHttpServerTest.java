package io.sonde.libraries.jdk;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sonde.apps.Counted;
import io.sonde.testing.ForkedJvm;
import io.sonde.testing.Jdk;
import io.sonde.testing.Jdks;
import io.sonde.testing.JvmLaunch;
import io.sonde.testing.OtlpSink;
import java.time.Duration;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a request that its caller did not sample costs com.sun.net.httpserver, in bytes. */
class UnsampledHttpServerTest {
  private static final Duration LONG = Duration.ofMinutes(2);
  private static final Pattern BYTES = Pattern.compile("^BYTES (\\d+)$");

  /**
   * Its span, and on JDK 8 a view of its headers; the first tier of the JIT leaves every object
   * where it is.
   */
  @ParameterizedTest
  @CsvSource({"8, 120", "17, 112", "25, 112"})
  void requestThatIsNotSampled_costsItsSpan(int version, long budget) {
    Jdk jdk = Jdks.of(version).orElse(Jdks.current());
    long bare = bytes(counted(jdk));
    try (OtlpSink sink = OtlpSink.http()) {
      long with = bytes(counted(jdk).agent(sink));
      long cost = with - bare;
      System.out.println("an unsampled request on JDK " + jdk.version() + ": " + cost + " B");
      assertTrue(
          cost > 0 && cost <= budget, () -> bare + " B without the agent, " + with + " with it");
    }
  }

  private static JvmLaunch counted(Jdk jdk) {
    return ForkedJvm.on(jdk).quick().classPathOf(Counted.class).main(Counted.class);
  }

  private static long bytes(JvmLaunch launch) {
    try (ForkedJvm app = launch.start()) {
      return Long.parseLong(app.awaitLine(BYTES, LONG).group(1));
    }
  }
}
