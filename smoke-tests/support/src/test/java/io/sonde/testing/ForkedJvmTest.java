package io.sonde.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ForkedJvmTest {
  private static final Duration LONG = Duration.ofSeconds(30);

  /** The program that is forked. */
  static final class Program {
    public static void main(String[] args) throws InterruptedException {
      System.out.println("property " + System.getProperty("p"));
      System.out.println("env " + System.getenv("E") + " " + System.getenv("OTEL_SERVICE_NAME"));
      System.err.println("to the other stream");
      if (args[0].equals("exit")) {
        System.exit(Integer.parseInt(args[1]));
      }
      Runtime.getRuntime().addShutdownHook(new Thread(() -> System.out.println("last words")));
      System.out.println("READY 4711");
      Thread.sleep(60_000);
    }
  }

  @Test
  void streams_and_exit_code_are_kept_apart() {
    try (ForkedJvm jvm = program().property("p", "v w").env("E", "e").arg("exit", "3").start()) {
      assertEquals(3, jvm.awaitExit(LONG));
      assertEquals(List.of("property v w", "env e null"), jvm.stdout());
      assertEquals(List.of("to the other stream"), jvm.stderr());
    }
  }

  @Test
  void port_is_read_and_stop_ends_it_and_hears_its_last_words() {
    try (ForkedJvm jvm = program().arg("run").start()) {
      assertEquals(4711, jvm.awaitPort(LONG));
      assertTrue(jvm.isAlive());
      assertEquals(143, jvm.stop(LONG));
      assertEquals("last words", jvm.stdout().get(jvm.stdout().size() - 1));
      assertFalse(jvm.isAlive());
    }
  }

  @Test
  void close_kills() {
    ForkedJvm jvm = program().arg("run").start();
    jvm.awaitPort(LONG);
    jvm.close();
    assertFalse(jvm.isAlive());
    assertFalse(ProcessHandle.of(jvm.pid()).map(ProcessHandle::isAlive).orElse(false));
  }

  @Test
  void await_ends_with_the_process_and_shows_its_output() {
    try (ForkedJvm jvm = program().arg("exit", "7").start()) {
      AssertionError error =
          assertThrows(AssertionError.class, () -> jvm.awaitLine(Pattern.compile("never"), LONG));
      assertTrue(error.getMessage().contains("to the other stream"), error.getMessage());
      assertTrue(error.getMessage().contains("never"), error.getMessage());
    }
  }

  @Test
  void exit_that_does_not_come_fails_at_the_deadline() {
    try (ForkedJvm jvm = program().arg("run").start()) {
      jvm.awaitPort(LONG);
      AssertionError error =
          assertThrows(AssertionError.class, () -> jvm.awaitExit(Duration.ofMillis(50)));
      assertTrue(error.getMessage().startsWith("still running after 50 ms"), error.getMessage());
    }
  }

  private static JvmLaunch program() {
    return ForkedJvm.onCurrent().classPathOf(Program.class).main(Program.class);
  }
}
