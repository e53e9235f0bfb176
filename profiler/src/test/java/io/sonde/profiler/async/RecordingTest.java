package io.sonde.profiler.async;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sonde.profiler.Folder;
import io.sonde.profiler.FreshGovernor;
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
  private int threads = 10;

  RecordingTest() throws IOException {
    folder = Folder.open(null);
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
    Plan plan = new Plan(new Settings(all::get, name -> null), false, false);
    return new Recording(profiler, folder, plan, FreshGovernor.of(plan), () -> threads);
  }

  private static WindowReader reader(Recording recording) {
    Plan plan = new Plan(new Settings(name -> null, name -> null), false, false);
    return new WindowReader(new Join(), recording, FreshGovernor.of(plan), true);
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

  /** The distance in each of the windows that have so many allocations. */
  private List<Long> distances(Recording recording, int windows, int events) throws Exception {
    profiler.next = new HandMade();
    for (int i = 0; i < events; i++) {
      profiler.next.outsideTlab(1000);
    }
    List<Long> distances = new ArrayList<>();
    for (int i = 0; i < windows; i++) {
      window(recording);
      distances.add(profiler.asked("alloc") >> 10);
    }
    return distances;
  }

  @Test
  void manyAllocations_areFurtherApart_andNearerAgainWhenTheyAreFew() throws Exception {
    Recording recording = recording("pyroscope.profiler.alloc", "512k");
    assertEquals(List.of(512L, 512L), distances(recording, 2, 500));
    assertEquals(
        List.of(512L, 1024L, 2048L, 4096L, 8192L, 16384L, 32768L, 32768L),
        distances(recording, 8, 1100));
    assertEquals(List.of(32768L, 32768L), distances(recording, 2, 400));
    assertEquals(
        List.of(32768L, 16384L, 8192L, 4096L, 2048L, 1024L, 512L, 512L),
        distances(recording, 8, 200));
  }

  @Test
  void eachWindow_isWeighedByTheDistanceOfItsOwn() throws Exception {
    Recording recording = recording("pyroscope.profiler.alloc", "512k");
    distances(recording, 2, 1100);
    assertEquals(1 << 20, profiler.asked("alloc"));
    assertEquals(512 << 10, recording.allocation());
    distances(recording, 1, 500);
    assertEquals(1 << 20, recording.allocation());
  }

  @Test
  void largeChunk_isTheLastOfItsFile() throws Exception {
    Recording recording = recording("pyroscope.profiler.alloc", "off");
    profiler.next = new HandMade();
    for (int i = 0; i < 900_000; i++) {
      profiler.next.executionSample();
    }
    assertTrue(profiler.next.bytes().length > 4 << 20);
    window(recording);
    assertEquals(List.of("window1.jfr"), files());
    profiler.next = new HandMade().executionSample();
    window(recording);
    assertEquals(List.of("window2.jfr"), files());
  }

  @Test
  void wallClock_looksLessOftenAtManyThreads() throws Exception {
    threads = 2000;
    Recording recording = recording("pyroscope.profiler.event", "cpu,wall");
    assertEquals(400_000_000, profiler.asked("wall"));
    assertEquals(20_000_000, profiler.asked("interval"));
    threads = 700;
    window(recording);
    assertEquals(400_000_000, profiler.asked("wall"), "not to and fro");
    threads = 10;
    window(recording);
    assertEquals(100_000_000, profiler.asked("wall"));
    assertEquals(400_000_000, recording.wall(), "of the window that was read");
    threads = 501;
    window(recording);
    assertEquals(200_000_000, profiler.asked("wall"));
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
