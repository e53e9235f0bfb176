package io.sonde.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.Thread.UncaughtExceptionHandler;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who is told what a thread in the agent's group has ended with. */
final class OwnGroupTest {
  private final List<String> said = new CopyOnWriteArrayList<>();
  private final List<String> handled = new CopyOnWriteArrayList<>();
  private final UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();

  @BeforeEach
  void start() {
    Thread.setDefaultUncaughtExceptionHandler(
        (thread, thrown) -> handled.add(thread.getName() + ' ' + thrown.getMessage()));
  }

  @AfterEach
  void stop() {
    Thread.setDefaultUncaughtExceptionHandler(before);
  }

  @Test
  void threadOfOurs_isALine() throws Exception {
    for (String name : new String[] {"sonde-export", "OkHttp TaskRunner", "Okio Watchdog"}) {
      end(name);
      String line = "the agent's thread " + name + " has ended: java.lang.IllegalStateException: x";
      assertEquals(line, said.get(said.size() - 1));
    }
    assertEquals(List.of(), handled);
  }

  /** Its own code may run on a thread of ours, as in a class loader, and start others. */
  @Test
  void threadOfTheApplication_isForItsHandler() throws Exception {
    end("pool-1-thread-1");
    assertEquals(List.of("pool-1-thread-1 x"), handled);
    assertEquals(List.of(), said);
  }

  private void end(String name) throws InterruptedException {
    Runnable fails =
        () -> {
          throw new IllegalStateException("x");
        };
    Thread thread = new Thread(new OwnGroup(said::add), fails, name);
    thread.start();
    thread.join();
  }
}
