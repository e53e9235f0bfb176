package io.sonde.profiler.jfr;

import io.sonde.core.Delivery;
import io.sonde.core.Links;
import io.sonde.core.Messages;
import io.sonde.core.Timeline;
import io.sonde.profiler.AllocatedBytes;
import io.sonde.profiler.Engine;
import io.sonde.profiler.Folder;
import io.sonde.profiler.Governor;
import io.sonde.profiler.Health;
import io.sonde.profiler.Join;
import io.sonde.profiler.Plan;
import io.sonde.profiler.Unavailable;
import io.sonde.profiler.WindowThread;
import io.sonde.profiler.pprof.Profile;
import io.sonde.profiler.pprof.Windows;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Profiles by Flight Recorder: one recording that goes on, of which each window is written to a
 * file and read, and joined to the timeline that is collected meanwhile.
 */
public final class JfrEngine implements Engine {
  private static final long SECOND = 1_000_000_000L;

  /** A wait that began earlier than so long before its window finds no span. */
  private static final long LONGEST_WAIT = 5 * SECOND;

  /** Each end of a window costs, so that however much there is, it is not ended earlier. */
  private static final long SHORTEST_WINDOW = 2 * SECOND;

  /** The same for a window that somebody waits for. */
  private static final long SHORTEST_AWAITED = SECOND / 2;

  /** What the two clocks, and an event under way when the window ended, may differ by. */
  private static final long CLOCK_SLACK = SECOND / 10;

  /** Short, since nobody knows yet how many events there are. */
  private static final long FIRST_WINDOW = 2 * SECOND;

  /** Each end of a window also ends a chunk of the application's own recording. */
  private static final long SHARED_WINDOW = 60 * SECOND;

  private static final long STEP_MILLIS = 200;

  /** Of a stack where a thread finds a monitor taken, which nobody sees: some. */
  private static final int CONTENDED_FRAMES = 40;

  /** A disk may be full for a while; what fails so often in a row will not go on by itself. */
  private static final int FAILURES = 5;

  private final Plan plan;
  private final Windows windows;
  private final Messages messages;
  private final Folder folder;
  private final String stackDepth;
  private final Join join;
  private final Governor governor;
  private final Duty duty;
  private final EventSettings events;
  private final Recordings recordings;
  private final Room room;
  private final @Nullable Contentions contentions;
  private final CpuTimes times;
  private final Turn waits;
  private final Turn exceptions;
  private final WindowReader reader;
  private boolean shared;
  private boolean saidTooMany;
  private boolean first = true;
  private long judged = System.nanoTime();
  private long windowNanos;
  private long windowEpoch;
  private Health.Window end = Health.Window.FULL;
  private int failures;
  private long pauseEnd;

  /** Somebody said that this is the end. */
  private boolean told;

  /** Starts Flight Recorder, which takes a while. */
  public JfrEngine(Plan plan, Windows windows, Messages messages) throws IOException, Unavailable {
    this.plan = plan;
    this.windows = windows;
    this.messages = messages;
    join = new Join(plan.baggage);
    governor = Governor.ofProcess(plan);
    contentions = plan.lockNanos > 0 ? new Contentions() : null;
    waits = new Turn(governor, Governor.Kind.WAITS);
    exceptions = new Turn(governor, Governor.Kind.EXCEPTIONS);
    folder = Folder.open(plan.folder);
    room = new Room(plan.diskBytes);
    Recordings started = null;
    try {
      room.toStart();
      stackDepth = StackDepth.set(plan); // before what follows begins Flight Recorder
      shared = Company.isRecording(null);
      duty = new Duty(new AllocatedBytes(), governor, plan.windowNanos, shared);
      Timeline.start(2 * Math.max(SHARED_WINDOW, plan.windowNanos));
      events = new EventSettings(plan, governor, duty.mode());
      started = new Recordings(plan, events, folder);
      recordings = started;
      times = new CpuTimes(plan.cpu && !events.cpuTime);
      reader = new WindowReader(governor, join, times, duty, waits, exceptions, plan);
    } catch (Throwable thrown) {
      if (started != null) {
        started.stop();
      }
      folder.close();
      throw thrown;
    }
  }

  @Override
  public String describe() {
    return "Flight Recorder, "
        + (plan.cpu ? "CPU by " + events.cpuBy() : "no CPU time")
        + ", windows of "
        + plan.windowNanos / SECOND
        + " s"
        + (plan.wall ? ", no wall clock: async-profiler alone has it" : "")
        + stackDepth;
  }

  @Override
  public void run(long untilNanos) throws Exception {
    try {
      if (shared) {
        tellSharing();
      }
      begin(System.nanoTime(), System.currentTimeMillis());
      goOn(untilNanos);
      last();
    } finally {
      try {
        recordings.stop();
      } finally {
        folder.close();
      }
    }
  }

  /** Whoever was told to end ends, also where this fails. */
  private void last() throws IOException {
    WindowThread.reads(true);
    told |= Thread.interrupted(); // what is written while it is set fails
    try {
      end = Health.Window.LAST;
      endWindowOrSkip();
    } finally {
      WindowThread.reads(false);
      if (told) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void goOn(long untilNanos) throws IOException {
    try {
      while (!Thread.currentThread().isInterrupted() && System.nanoTime() - untilNanos < 0) {
        Thread.sleep(STEP_MILLIS);
        long now = System.nanoTime();
        room.toGoOn();
        Tick.emit();
        recordings.look();
        allocations(now);
        end(waits, now);
        end(exceptions, now);
        if (join.keepUp()) {
          times.look();
        }
        if ((failures == 0 || now - pauseEnd >= 0) && isOver(now)) {
          WindowThread.reads(true);
          try {
            endWindowOrSkip();
          } finally {
            WindowThread.reads(false);
          }
        }
      }
    } catch (InterruptedException e) {
      told = true; // the last window is to be read yet
    }
  }

  /** Ends the window, or forgets it where it cannot be read. */
  private void endWindowOrSkip() throws IOException {
    long before = recordings.window();
    try {
      endWindow();
      failures = 0;
    } catch (IOException | RuntimeException e) {
      reader.stacksBefore().drop();
      if (end != Health.Window.LAST && ++failures >= FAILURES) {
        throw e;
      }
      long now = System.nanoTime();
      pauseEnd = now + plan.windowNanos;
      if (end != Health.Window.LAST && recordings.window() == before) {
        return; // it goes on
      }
      Delivery.PROFILES.add(Delivery.Outcome.FAILED, 1);
      Health.PROFILER.add(Health.Window.FAILED, now - windowNanos);
      messages.warn("a window of " + (now - windowNanos) / SECOND + " s has no profiles: " + e);
      Links.unread(now);
      Timeline.startedUnseen(now);
      times.skipWindow();
      duty.skip();
      join.forgetBefore(now - LONGEST_WAIT);
      begin(now, System.currentTimeMillis());
      recordings.allocations(duty.mode(), false);
    }
  }

  private void begin(long nanos, long epoch) {
    windowNanos = nanos;
    windowEpoch = epoch;
    duty.begin(System.nanoTime()); // what has a part of the window only begins once it can
    waits.begin(recordings.begun());
    exceptions.begin(recordings.begun());
  }

  private void allocations(long now) {
    duty.giveWay(!shared && recordings.isShared());
    boolean wanted = duty.wanted(now);
    if (wanted && !duty.isOn()) {
      recordings.allocations(duty.mode(), true);
      duty.on(System.nanoTime());
    } else if (!wanted && duty.isOn()) {
      duty.off(System.nanoTime());
      recordings.allocations(duty.mode(), false);
    }
  }

  /** Where as much of the window has been recorded as is to be. */
  private void end(Turn turn, long now) {
    boolean isCut = end == Health.Window.CROWDED || end == Health.Window.DISK;
    if (turn.isDue(now, isCut ? SHORTEST_WINDOW : fullWindow())) {
      recordings.end(turn.kind);
      turn.end(System.nanoTime());
    }
  }

  private boolean isOver(long now) {
    long age = now - windowNanos;
    if (age >= SHORTEST_AWAITED && isAwaited()) {
      end = Health.Window.AWAITED;
      return true;
    }
    if (age < Math.min(SHORTEST_WINDOW, plan.windowNanos)) {
      return false;
    }
    Health.Window why =
        sharingChanged()
            ? Health.Window.SHARING
            : age >= fullWindow()
                ? Health.Window.FULL
                : join.isCrowded()
                    ? Health.Window.CROWDED
                    : recordings.isLarge() ? Health.Window.DISK : null;
    if (why != null) {
      end = why;
    }
    return why != null;
  }

  /** Nobody's request is worth a cut through the application's own recording. */
  private boolean isAwaited() {
    return !shared && windows.isAwaited(windowEpoch * 1_000_000) && !recordings.isShared();
  }

  private long fullWindow() {
    if (first) {
      return Math.min(FIRST_WINDOW, plan.windowNanos);
    }
    return shared ? Math.max(SHARED_WINDOW, plan.windowNanos) : plan.windowNanos;
  }

  private boolean sharingChanged() {
    boolean others = recordings.isShared();
    if (others == shared) {
      return false;
    }
    shared = others;
    tellSharing();
    return true;
  }

  private void tellSharing() {
    windows.rare(shared);
    if (shared) {
      messages.warn(
          "the application records by itself: allocations are sampled at the rate that suits both,"
              + " and windows last 60 s");
    }
  }

  private void endWindow() throws IOException {
    first = false;
    long startNanos = windowNanos;
    long startEpoch = windowEpoch;
    AllocationMode started = shared ? AllocationMode.SAMPLED : duty.mode();
    long readUntil = System.nanoTime();
    Path file;
    if (end == Health.Window.LAST) {
      file = recordings.end();
    } else {
      file = recordings.rotate();
      duty.giveWay(!shared && recordings.isShared()); // while it is read, too
      recordings.allocations(started, started == AllocationMode.ALL && !duty.givesWay());
    }
    long endNanos = System.nanoTime();
    duty.end(endNanos);
    long endEpoch = System.currentTimeMillis();
    long processCpu = times.processWindow();
    times.look();
    Timeline.collect(join);
    List<Profile> profiles;
    try {
      pass(file, startEpoch, endEpoch);
      profiles = reader.read(file, events.cpuPeriod(), endNanos - startNanos, processCpu);
    } finally {
      reader.stacksBefore().keep(file);
    }
    count(profiles, endNanos - startNanos);
    exceptions(endNanos - startNanos);
    Distances distances = reader.distances();
    distances.wereAskedFor(events.cpuPeriod(), events.mostAllocations());
    contentions(endNanos - startNanos);
    if (end == Health.Window.LAST) {
      governor.excuse();
    }
    if (governor.window(System.nanoTime() - judged, processCpu)) {
      recordings.update();
    }
    governor.tell(messages);
    judged = System.nanoTime();
    AllocationMode read = duty.mode();
    duty.next(reader.tlabEvents(), shared);
    links(readUntil, read);
    begin(endNanos, endEpoch);
    if (started == AllocationMode.ALL
        && duty.mode() != AllocationMode.SAMPLED
        && !duty.givesWay()) {
      duty.on(readUntil); // also where that ends soon
    } else if (duty.mode() != started) {
      recordings.allocations(duty.mode(), false);
    }
    join.forgetBefore(endNanos - (join.isCrowded() ? CLOCK_SLACK : LONGEST_WAIT));
    windows.window(startEpoch * 1_000_000, endEpoch * 1_000_000, profiles);
  }

  private void pass(Path file, long startEpoch, long endEpoch) throws IOException {
    if (!plan.recordings) {
      return;
    }
    if (recordings.wasAccompanied()) {
      windows.withheld(
          "the application has a recording of its own, and Flight Recorder writes what that one"
              + " asks for (environment variables, command line, thread dumps) into ours too, until it is"
              + " closed");
    } else {
      try (InputStream jfr = Files.newInputStream(file)) {
        jfr.skipNBytes(end == Health.Window.LAST ? recordings.kept() : 0);
        windows.recording(startEpoch * 1_000_000, endEpoch * 1_000_000, events.cpuPeriod(), jfr);
      }
    }
  }

  /** What recording waits for monitors takes of the application, seen or not. */
  private void contentions(long nanos) {
    if (contentions != null) {
      double part = waits.part(nanos);
      governor.count(Governor.Kind.WAITS, (long) (contentions.next() * part), CONTENDED_FRAMES);
    }
  }

  private void exceptions(long nanos) {
    // What is thrown in the moments in which an application starts does not go on.
    double part = exceptions.part(nanos);
    double perSecond = reader.exceptions() * (double) SECOND / Math.max(SECOND, nanos * part);
    if (recordings.tooMany(perSecond) && !saidTooMany) {
      saidTooMany = true;
      messages.warn(
          "more than 2,000 exceptions a second are made: no exceptions are recorded for 20 windows,"
              + " whenever that is so");
    }
  }

  /** How far apart allocations are where they are sampled in another way now, nobody knows yet. */
  private void links(long readUntil, AllocationMode read) {
    Distances distances = reader.distances();
    long bytes = duty.mode() == read ? distances.bytes(read) : Long.MAX_VALUE;
    double cpuFactor = distances.cpuFactor(events.cpuPeriod());
    double bytesFactor = distances.bytesFactor(read, events.mostAllocations());
    long cpu = plan.cpu ? distances.cpu() : Long.MAX_VALUE;
    Links.read(readUntil, cpu, bytes, cpuFactor, bytesFactor);
    boolean cut = end == Health.Window.CROWDED || end == Health.Window.DISK;
    Links.expect(cut ? readUntil - windowNanos : fullWindow());
  }

  private void count(List<Profile> profiles, long nanos) {
    Health health = Health.PROFILER;
    health.add(end, nanos);
    if (plan.allocations) {
      health.add(Health.Allocations.valueOf(duty.mode().name()));
    }
    join.count(health);
    health.add(Health.Sample.DROPPED, reader.dropped());
    health.add(Health.Sample.MISSED, reader.cpuLost());
    for (Profile profile : profiles) {
      health.add(Health.Sample.FOLDED, profile.overflow());
    }
  }
}
