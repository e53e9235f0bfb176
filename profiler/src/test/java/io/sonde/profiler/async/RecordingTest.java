package io.sonde.profiler.async;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sonde.profiler.Folder;
import io.sonde.profiler.Join;
import io.sonde.profiler.Plan;
import io.sonde.settings.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is asked of async-profiler, and what is on disk, where commands or files fail. */
class RecordingTest {
  private static final long SECOND = 1_000_000_000L;

  private final Folder folder;
  private final Path path;
  private final Scripted profiler = new Scripted();

  RecordingTest() throws IOException {
    folder = Folder.open();
    path = folder.file("x").getParent();
  }

  @AfterEach
  void close() {
    folder.close();
  }

  /** Writes what it is told to where it is told to, as async-profiler does. */
  private static final class Scripted implements Commands {
    final List<String> said = new ArrayList<>();
    HandMade next = new HandMade().executionSample();
    String fails = "never";
    boolean noAllocations;
    private Path file = Path.of("none");
    private boolean running;
    private String started = "";

    @Override
    public String execute(String command) throws IOException {
      String verb = command.substring(0, command.indexOf(','));
      said.add(verb);
      if (verb.equals(fails) || noAllocations && command.contains(",alloc=")) {
        throw new IllegalStateException(verb + " fails");
      }
      if (verb.equals("start")) {
        file = Path.of(command.substring(command.indexOf(",file=") + 6));
        Files.write(file, new byte[0]);
        started = command;
      } else if (running) {
        Files.write(file, next.bytes(), StandardOpenOption.APPEND);
      } else if (verb.equals("stop")) {
        throw new IllegalStateException("Profiler is not active");
      }
      running = !verb.equals("stop") && (running || verb.equals("start"));
      return "OK";
    }

    long asked(String option) {
      String from = started.substring(started.indexOf("," + option + "=") + option.length() + 2);
      return Long.parseLong(from.substring(0, from.indexOf(',')));
    }
  }

  private Recording recording(String... settings) throws Exception {
    Map<String, String> all = new HashMap<>();
    for (int i = 0; i < settings.length; i += 2) {
      all.put(settings[i], settings[i + 1]);
    }
    return new Recording(profiler, folder, new Plan(new Settings(all::get, name -> null)));
  }

  private static WindowReader reader(Recording recording) {
    return new WindowReader(new Join(), recording, true);
  }

  private static int window(Recording recording) throws IOException {
    WindowReader reader = reader(recording);
    recording.end();
    recording.read(reader, SECOND);
    return reader.take().size();
  }

  private List<String> files() throws IOException {
    try (Stream<Path> all = Files.list(path)) {
      return all.map(file -> file.getFileName().toString())
          .filter(name -> !name.equals("lock"))
          .sorted()
          .toList();
    }
  }

  @Test
  void fileIsGone_theNextWindowHasAnother() throws Exception {
    Recording recording = recording();
    assertEquals(1, window(recording));
    Files.delete(path.resolve("window1.jfr"));
    assertThrows(IOException.class, () -> window(recording));
    recording.again();
    assertEquals(List.of("window2.jfr"), files());
    assertEquals(1, window(recording));
  }

  @Test
  void brokenChunk_isNotReadAgain() throws Exception {
    Recording recording = recording();
    profiler.next = new HandMade().executionSample().broken();
    assertThrows(IllegalArgumentException.class, () -> window(recording));
    recording.again();
    profiler.next = new HandMade().executionSample();
    assertEquals(List.of("window2.jfr"), files());
    assertEquals(1, window(recording));
  }

  @Test
  void stoppedByOthers_isNoWindow() throws Exception {
    Recording recording = recording();
    profiler.execute("stop,");
    assertEquals(1, window(recording)); // what it wrote when it was stopped
    assertThrows(IOException.class, () -> window(recording));
    recording.again();
    assertEquals(1, window(recording));
  }

  @Test
  void startFailsAfterStop_itIsTriedAgain_andNothingStaysOnDisk() throws Exception {
    Recording recording = recording();
    for (int i = 1; i < 20; i++) {
      window(recording);
    }
    profiler.fails = "start";
    assertThrows(IllegalStateException.class, () -> window(recording));
    recording.again();
    assertEquals(List.of(), files());
    IOException still = assertThrows(IOException.class, () -> window(recording));
    assertEquals(
        "it does not start again: java.lang.IllegalStateException: start fails",
        still.getMessage());
    profiler.fails = "never";
    recording.again();
    assertEquals(1, files().size());
    assertEquals(1, window(recording));
  }

  @Test
  void twentyWindows_areOneFile_whichIsRemovedWhenItIsRead() throws Exception {
    Recording recording = recording();
    for (int i = 0; i < 20; i++) {
      assertEquals(1, window(recording));
    }
    assertEquals(1, window(recording));
    assertEquals(List.of("window2.jfr"), files());
    assertEquals(2, profiler.said.stream().filter(verb -> verb.equals("start")).count());
  }

  @Test
  void noAllocationsHere_itSaysSo() throws Exception {
    profiler.noAllocations = true;
    Recording recording = recording();
    assertEquals("no allocations (start fails)", recording.missing());
    assertTrue(!recording.hasAllocations());
    profiler.noAllocations = false;
    assertTrue(recording("pyroscope.profiler.alloc", "1m").hasAllocations());
    assertEquals(1 << 20, profiler.asked("alloc"));
  }
}
