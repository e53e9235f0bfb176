package io.sonde.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The README's first command does what the README says. */
class DemoTest {
  @Test
  void demo_showsATraceAcrossTwoServices() throws Exception {
    Path root = Path.of(System.getProperty("basedir")).resolve("../..").normalize();
    Process demo =
        new ProcessBuilder(root.resolve("sample-apps/demo").toString(), "--seconds=6")
            .redirectErrorStream(true)
            .start();
    demo.getOutputStream().close();
    String said = new String(demo.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(demo.waitFor(3, TimeUnit.MINUTES), said);
    assertEquals(0, demo.exitValue(), said);
    for (String line :
        new String[] {
          "trace [0-9a-f]{32}  \\d+ spans, 2 services",
          "shop +server +POST /orders",
          "shop +client +SELECT product",
          "shop +client +POST ",
          "stock +server +POST /stock/\\{productId\\}/reservations",
          "stock +client +UPDATE stock"
        }) {
      assertTrue(Pattern.compile(line).matcher(said).find(), () -> line + " is not in\n" + said);
    }
  }
}
