package io.sonde.profiler;

import io.sonde.core.Links;
import io.sonde.core.Propagation;
import io.sonde.core.Sampler;
import io.sonde.core.ServerSpan;
import io.sonde.core.SpanQueue;
import io.sonde.core.Tracing;
import io.sonde.profiler.pprof.Profile;
import io.sonde.profiler.pprof.ProfileType;
import io.sonde.profiler.pprof.Windows;
import io.sonde.settings.Settings;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import jdk.jfr.Event;
import jdk.jfr.FlightRecorder;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordingStream;

/** A program that does nothing but being profiled, for some seconds or until its profiler ends. */
public final class Idle {
  private Idle() {}

  /**
   * Seconds that it stays when all else is done, and before them {@code own} where the program is
   * to record by itself, and be known to, {@code stream} where it only reads what the JVM does, for
   * three windows, {@code brief} where it does so for a moment after the first window, until
   * another one is passed on, {@code pull} where somebody asks for one profile after the other,
   * {@code close} where it closes all recordings after the first window, {@code crowd} where its
   * threads go from span to span, {@code flood} where they park all of the time, for four windows,
   * {@code hold} where it says when spans that are held may leave, {@code die} where memory ends in
   * the second window, {@code once} where it stays for a window, {@code end} where it ends as soon
   * as it is profiled, and says so, {@code fill} where it fills the disk then, until another engine
   * has taken over, {@code late} where it has an event type of its own after the first window,
   * {@code edge} where it throws once and the JVM begins to end while the first window is written.
   */
  public static void main(String[] arguments) throws Exception {
    Pulls pulls = new Pulls();
    boolean owns = arguments[0].equals("own");
    boolean streams = arguments[0].equals("stream");
    boolean dies = arguments[0].equals("die");
    boolean ends = arguments[0].equals("end");
    CountDownLatch known = new CountDownLatch(owns ? 1 : 0);
    CountDownLatch said = new CountDownLatch(1);
    CountDownLatch replaced = new CountDownLatch(1);
    CountDownLatch back = new CountDownLatch(1);
    AtomicInteger windows = new AtomicInteger();
    if (owns) {
      Own.start();
    }
    AutoCloseable stream = streams ? Own.stream() : null;
    Shown shown =
        new Shown() {
          @Override
          public void window(long start, long end, List<Profile> profiles) {
            super.window(start, end, profiles);
            if (windows.incrementAndGet() == 2 && dies) {
              throw new OutOfMemoryError("planted");
            }
          }
        };
    if (Arrays.asList(arguments).contains("pull")) {
      Thread puller = new Thread(() -> pull(pulls));
      puller.setDaemon(true);
      puller.start();
    }
    boolean sent = System.getProperty("pyroscope.server.address") != null;
    boolean recordings = "jfr".equals(System.getProperty("sonde.pyroscope.endpoint"));
    Thread profiler =
        Profiler.thread(
            new Plan(new Settings(System::getProperty, name -> null), sent, recordings),
            new Takers(shown, pulls),
            line -> {
              System.out.println("said: " + line);
              said.countDown();
              if (line.contains("the application records by itself")) {
                known.countDown();
              }
              if (line.contains("in the place of")) {
                replaced.countDown();
              }
              if (line.endsWith("as before")) {
                back.countDown();
              }
            });
    profiler.start();
    if (arguments[0].equals("crowd")) {
      crowd();
      await(windows, 2);
    }
    if (arguments[0].equals("flood")) {
      flood();
      await(windows, 4);
    }
    if (arguments[0].equals("close")) {
      await(windows, 1);
      Own.closeAll();
      await(windows, 3);
      System.out.println("left: " + firstFile());
    }
    if (arguments[0].equals("late")) {
      await(windows, 1);
      Own.awaitOff();
    }
    if (arguments[0].equals("hold")) {
      hold(profiler);
    }
    boolean fills = arguments[0].equals("fill");
    boolean makes = arguments[0].equals("make");
    boolean edge = arguments[0].equals("edge");
    if (ends || fills || makes || edge) {
      said.await();
    }
    if (edge) {
      System.out.println("made: " + new IllegalStateException("planted"));
      Own.exitAtChunkEnd();
    }
    if (makes) {
      int seen = windows.get();
      System.out.println("made: " + new Planted() + " and " + new IllegalStateException("planted"));
      await(windows, seen + 2); // of which one may have ended meanwhile
    }
    if (fills) {
      Path filled = Paths.get(System.getProperty("java.io.tmpdir"), "filled");
      Files.write(filled, new byte[30 << 20]);
      replaced.await();
      Files.delete(filled);
      back.await();
      return;
    }
    if (arguments[0].equals("brief")) {
      await(windows, 1);
      Own.start().close();
      await(shown.withheld, 1);
      await(shown.recorded, shown.recorded.get() + 1);
    }
    if (dies) {
      await(windows, 4);
    }
    if (stream != null) {
      await(windows, 3);
      stream.close(); // its thread would keep the JVM alive
    }
    if (arguments[0].equals("once")) {
      await(windows, 1);
    }
    known.await();
    long seconds = Long.parseLong(arguments[arguments.length - 1]);
    if (seconds > 0) { // join would wait for ever
      profiler.join(1000 * seconds);
    }
    if (ends) {
      System.out.println("ends");
    }
  }

  /** However long the profiler takes. */
  private static void await(AtomicInteger count, int wanted) throws InterruptedException {
    while (count.get() < wanted) {
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  /** Whether the file is there that the first recording was to end in. */
  private static boolean firstFile() throws IOException {
    try (Stream<Path> all = Files.walk(Paths.get(System.getProperty("java.io.tmpdir")), 2)) {
      return all.anyMatch(path -> path.endsWith("window1.jfr"));
    }
  }

  private static void pull(Pulls pulls) {
    try {
      for (; ; ) {
        pulls.next(Pulled.PROFILE, 1000, () -> true);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** About 100,000 changes of context a second. */
  private static void crowd() {
    Tracing.start(Sampler.on(true), Propagation.of("tracecontext"), null);
    for (int i = 0; i < 12; i++) {
      Thread thread = new Thread(Idle::change);
      thread.setDaemon(true);
      thread.start();
    }
  }

  /** Some ten thousand parks a second. */
  private static void flood() {
    for (int i = 0; i < 60; i++) {
      Thread thread =
          new Thread(
              () -> {
                for (; ; ) {
                  LockSupport.parkNanos(1_000_000);
                }
              });
      thread.setDaemon(true);
      thread.start();
    }
  }

  /** One span waits for its window, and one for the profiler's end. */
  private static void hold(Thread profiler) throws InterruptedException {
    Tracing.start(Sampler.on(true), Propagation.of("tracecontext"), new SpanQueue(64, 64));
    release("window read", held(profiler));
    ServerSpan last = held(profiler);
    profiler.interrupt();
    release("profiler ended", last);
  }

  private static void release(String why, ServerSpan span) throws InterruptedException {
    while (Links.waits(span, System.nanoTime(), 0)) {
      TimeUnit.MILLISECONDS.sleep(10);
    }
    long waited = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - span.endNanos());
    System.out.println(why + " after " + waited + " s");
  }

  private static ServerSpan held(Thread profiler) throws InterruptedException {
    for (; ; ) {
      ServerSpan span = ServerSpan.start("", (carrier, name) -> null, "GET");
      TimeUnit.MILLISECONDS.sleep(11);
      span.exit();
      span.end();
      if (Links.waits(span, System.nanoTime(), 0)) {
        return span;
      }
      if (!profiler.isAlive()) {
        throw new IllegalStateException("no span is held");
      }
    }
  }

  private static void change() {
    for (; ; ) {
      for (int i = 0; i < 200; i++) {
        ServerSpan span = ServerSpan.start("", (carrier, name) -> null, "GET");
        span.exit();
        span.end();
      }
      LockSupport.parkNanos(45_000_000);
    }
  }

  private static final class Planted extends Error {
    private static final long serialVersionUID = 1;
  }

  /** Says what comes. */
  private static class Shown implements Windows {
    final AtomicInteger recorded = new AtomicInteger();
    final AtomicInteger withheld = new AtomicInteger();

    @Override
    public void window(long start, long end, List<Profile> profiles) {
      System.out.println("window: " + TimeUnit.NANOSECONDS.toMillis(end - start) + " ms");
      for (Profile profile : profiles) {
        if (profile.type() == ProfileType.EXCEPTION) {
          byte[] encoded = profile.encode(start, end - start);
          System.out.println("exceptions: " + Base64.getEncoder().encodeToString(encoded));
        }
      }
    }

    @Override
    public void recording(long start, long end, long cpuPeriod, InputStream jfr)
        throws IOException {
      String text = new String(jfr.readAllBytes(), StandardCharsets.ISO_8859_1);
      System.out.println("recorded: " + (text.contains("hunter2") ? "a password" : "samples"));
      recorded.incrementAndGet();
    }

    @Override
    public void withheld(String why) {
      System.out.println("withheld: " + why);
      withheld.incrementAndGet();
    }
  }

  /** Linked only where the JVM has Flight Recorder. */
  private static final class Own {
    static Recording start() {
      Recording recording = new Recording();
      recording.enable("jdk.GarbageCollection");
      recording.enable("jdk.InitialEnvironmentVariable");
      recording.start();
      return recording;
    }

    /** As libraries do that count what the JVM does. */
    static AutoCloseable stream() {
      RecordingStream stream = new RecordingStream();
      stream.enable("jdk.GarbageCollection");
      stream.startAsync();
      return stream;
    }

    /** Of a type that no recording knows until here. */
    static void awaitOff() throws InterruptedException {
      Late event = new Late();
      while (event.isEnabled()) {
        TimeUnit.MILLISECONDS.sleep(20);
      }
      System.out.println("late: off");
    }

    /** Flight Recorder holds its lock then, and whoever else wants it waits in line. */
    static void exitAtChunkEnd() {
      AtomicBoolean exits = new AtomicBoolean();
      CountDownLatch ready = new CountDownLatch(1);
      FlightRecorder.addPeriodicEvent(
          Edge.class,
          () -> {
            if (ready.getCount() == 0 && exits.compareAndSet(false, true)) {
              new Thread(() -> System.exit(0)).start();
              LockSupport.parkNanos(500_000_000); // all hooks have begun by then
            }
          });
      Recording recording = new Recording();
      recording.enable(Edge.class).with("period", "endChunk");
      recording.start();
      ready.countDown();
    }

    private static final class Late extends Event {}

    private static final class Edge extends Event {}

    static void closeAll() {
      FlightRecorder.getFlightRecorder().getRecordings().forEach(Recording::close);
    }
  }
}
