package io.sonde.profiler.jfr;

import io.sonde.profiler.Folder;
import io.sonde.profiler.Governor;
import io.sonde.profiler.Plan;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import jdk.jfr.FlightRecorder;
import jdk.jfr.Recording;
import jdk.jfr.RecordingState;
import org.jspecify.annotations.Nullable;

/**
 * Our recording, which goes on for as long as the profiler does: each window is written to a file
 * of its own, which ends a chunk, and is forgotten here.
 */
final class Recordings {
  /** More a second would cost the application too much. */
  private static final double MANY_EXCEPTIONS = 2000;

  /** How long the JVM's end, which stops our recording too, may take to write it. */
  private static final long LONGEST_DUMP = 2_500_000_000L;

  /** How long after Flight Recorder we hear at the latest that the JVM ends. */
  private static final long HEARSAY = 300_000_000L;

  private final Plan plan;
  private final EventSettings events;
  private final Folder folder;
  private Recording current;
  private int files;
  private Path file;
  private boolean noted;
  private long window;
  private long begun = System.nanoTime();
  private final Company company = new Company();
  private boolean accompanied;
  private long kept;

  Recordings(Plan plan, EventSettings events, Folder folder) throws IOException {
    this.plan = plan;
    this.events = events;
    this.folder = folder;
    FlightRecorder.addListener(company);
    file = next();
    try {
      company.look();
      current = start(file);
      company.begin();
    } catch (Throwable thrown) {
      FlightRecorder.removeListener(company);
      throw thrown;
    }
    try {
      note(System.getProperty("jdk.jfr.repository"));
    } catch (Throwable thrown) {
      stop();
      throw thrown;
    }
  }

  private void note(@Nullable String place) throws IOException {
    noted = place != null && !company.isThere();
    if (noted && place != null) {
      folder.repository(place);
    }
  }

  private Path next() {
    return folder.file("window" + ++files + ".jfr");
  }

  /** Written there whoever stops it: Flight Recorder does when the JVM ends, maybe before us. */
  private Recording start(Path to) throws IOException {
    Recording recording = new Recording(events.asMap());
    try {
      company.add(recording);
      recording.setName("Sonde");
      recording.setToDisk(true);
      // Beyond it whole chunks are forgotten; as much is for the file of a window, and the rest for
      // that of the window before.
      recording.setMaxSize(plan.diskBytes / 16 * 7);
      recording.setDestination(to);
      recording.setDumpOnExit(true);
      recording.start();
      return recording;
    } catch (Throwable thrown) {
      company.close(recording);
      throw thrown;
    }
  }

  /** Takes over, in the recording that runs, what the governor has changed. */
  void update() {
    try {
      current.setSettings(events.asMap());
    } catch (IllegalStateException e) {
      // Somebody closed our recording: the next window has another one.
    }
  }

  /** Switches what samples allocations while the recording runs. */
  void allocations(AllocationMode to, boolean tlabsToo) {
    if (events.allocations(to, tlabsToo)) {
      update();
    }
  }

  /** Leaves exceptions alone for a while where so many came; true where that begins. */
  boolean tooMany(double exceptionsPerSecond) {
    if (exceptionsPerSecond <= MANY_EXCEPTIONS) {
      return false;
    }
    events.pauseExceptions();
    update();
    return true;
  }

  /** None of these is recorded until the window ends. */
  void end(Governor.Kind kind) {
    events.end(kind);
    update();
  }

  /**
   * Ends the window; the file holds it whole. Where it cannot be written the window goes on, unless
   * somebody has ended our recording: then another one begins.
   */
  Path rotate() throws IOException {
    if (folder.isEnding()) {
      throw new IOException("the JVM ends");
    }
    Path to = next();
    company.look();
    try {
      if (!folder.isEnding() && events.lackTypes()) {
        update(); // what is recorded at the end of a chunk is recorded now
      }
      Tick.emit();
      begun = System.nanoTime();
      current.dump(to);
      window++;
      if (events.begin()) {
        update();
        begun = System.nanoTime();
      }
      // A window that goes on has had whatever company it had.
      accompanied = company.wasThere();
      company.begin();
      forget(to);
    } catch (IOException | RuntimeException e) {
      Files.deleteIfExists(to);
      again();
      throw e;
    }
    return to;
  }

  /**
   * What was written is not kept for the next file, unless the JVM has begun to end meanwhile:
   * Flight Recorder's hook may have ended that one by now, and would find nothing to write.
   */
  private void forget(Path written) throws IOException {
    if (folder.isEnding() || current.getState() != RecordingState.RUNNING) {
      kept = Files.size(written);
      return;
    }
    try {
      current.setMaxAge(Duration.ZERO);
      current.setMaxAge(null);
    } catch (IllegalStateException e) {
      // As above, or the JVM ends: what was written is a window none the less.
      kept = Files.size(written);
    }
  }

  /** Begins another recording where somebody ended ours and it was not the JVM's end. */
  private void again() throws IOException {
    if (current.getState() != RecordingState.RUNNING && !isJvmEnding()) {
      company.close(current);
      Files.deleteIfExists(file); // which it was written to
      file = next();
      kept = 0;
      company.look();
      events.begin();
      current = start(file);
      company.begin();
      window++;
    }
  }

  /** Ends the last window, which the end of the JVM may have done; the file holds it whole. */
  Path end() throws IOException {
    Recording last = current;
    try {
      Tick.emit();
      if (isJvmEnding()) {
        // Flight Recorder's own hook writes what runs, and then takes the chunks of all others
        // away.
        awaitDump(last);
      }
      if (last.getState() == RecordingState.RUNNING) {
        last.stop();
      }
    } catch (IllegalStateException e) {
      awaitDump(last);
    } finally {
      company.close(last);
      accompanied = company.wasThere();
    }
    if (Files.size(file) == 0) {
      throw new IOException("Flight Recorder has ended without it");
    }
    return file;
  }

  /** Flight Recorder's hook, or another one of ours, may be ahead of the one that says so. */
  private boolean isJvmEnding() {
    long end = System.nanoTime() + HEARSAY;
    while (!folder.isEnding() && System.nanoTime() - end < 0) {
      LockSupport.parkNanos(5_000_000);
    }
    return folder.isEnding();
  }

  /** It is closed as soon as it is written. */
  private static void awaitDump(Recording recording) {
    long end = System.nanoTime() + LONGEST_DUMP;
    while (recording.getState() != RecordingState.CLOSED && System.nanoTime() - end < 0) {
      LockSupport.parkNanos(5_000_000);
    }
  }

  /** Whether the file of the window that was ended last may hold what others asked for. */
  boolean wasAccompanied() {
    return accompanied;
  }

  /** With how many bytes the last window's file begins that the one before it has, too. */
  long kept() {
    return kept;
  }

  /** How many windows have ended, or were lost. */
  long window() {
    return window;
  }

  /** Since when what is recorded is of the window under way. */
  long begun() {
    return begun;
  }

  /**
   * Whether so much was recorded that it should be read, long before the first chunk is forgotten:
   * it is there twice then, beside what comes meanwhile and the file of the window before.
   */
  boolean isLarge() {
    return current.getSize() + chunkUnderWay() > plan.diskBytes / 6;
  }

  /**
   * What Flight Recorder has written of the chunk that it does not count yet, which is its last.
   */
  private static long chunkUnderWay() {
    String place = System.getProperty("jdk.jfr.repository");
    File[] files = place == null ? null : new File(place).listFiles();
    File last = null;
    for (int i = 0; files != null && i < files.length; i++) {
      if (last == null || files[i].getName().compareTo(last.getName()) > 0) {
        last = files[i];
      }
    }
    return last == null ? 0 : last.length();
  }

  /** Whether a recording that is not ours runs. */
  boolean isShared() {
    return Company.isRecording(current);
  }

  /** Takes note of a recording that is not ours, whether it runs, will run or has run. */
  void look() throws IOException {
    if (noted && company.isThere()) {
      folder.keepRepository();
      noted = false;
    }
  }

  void stop() {
    FlightRecorder.removeListener(company);
    company.close(current);
  }
}
