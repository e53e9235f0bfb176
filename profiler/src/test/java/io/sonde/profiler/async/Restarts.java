package io.sonde.profiler.async;

import io.sonde.profiler.Folder;
import io.sonde.profiler.FreshGovernor;
import io.sonde.profiler.Governor;
import io.sonde.profiler.Join;
import io.sonde.profiler.Plan;
import io.sonde.settings.Settings;
import java.io.IOException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/** A program that starts and stops async-profiler under load, also while a window ends. */
public final class Restarts {
  private static final Object LOCK = new Object();

  @SuppressWarnings("UnusedVariable") // what is stored is allocated
  private static volatile Object sink;

  private Restarts() {}

  /** How often. */
  public static void main(String[] arguments) throws Exception {
    for (int i = 0; i < 4; i++) {
      Thread thread = new Thread(Restarts::work);
      thread.setDaemon(true);
      thread.start();
    }
    int cycles = Integer.parseInt(arguments[0]);
    Plan plan = new Plan(new Settings(System::getProperty, name -> null), false, false);
    AtomicInteger windows = new AtomicInteger();
    AtomicInteger profiles = new AtomicInteger();
    Governor governor = FreshGovernor.of(plan);
    try (Folder folder = Folder.open(null)) {
      Library library = Library.load(folder);
      for (int i = 0; i < cycles; i++) {
        Recording recording = new Recording(library, folder, plan, governor, Recording::threads);
        Thread ends = new Thread(() -> endAll(recording, governor, windows, profiles));
        ends.start();
        int before = windows.get();
        Thread.sleep(ThreadLocalRandom.current().nextInt(20, 120));
        while (i % 2 == 0 && windows.get() == before && ends.isAlive()) {
          Thread.sleep(1); // on a busy machine the first one may take longer than that
        }
        while (ends.isAlive()) { // again where it was about to begin another file
          recording.stop();
          ends.join(10);
        }
      }
    }
    System.out.println("windows " + windows + ", profiles " + profiles);
  }

  /** Ends windows one after the other until somebody stops the recording meanwhile. */
  private static void endAll(
      Recording recording, Governor governor, AtomicInteger windows, AtomicInteger profiles) {
    WindowReader reader = new WindowReader(new Join(), recording, governor, true);
    try {
      for (; ; ) {
        recording.end();
        recording.read(reader, 1_000_000);
        windows.incrementAndGet();
        profiles.addAndGet(reader.take().size());
      }
    } catch (IOException | IllegalStateException e) {
      // It was stopped.
    }
  }

  private static void work() {
    for (int i = 0; ; i++) {
      synchronized (LOCK) {
        sink = new byte[1000 + i % 1000];
      }
      if (i % 1000 == 0) {
        Thread briefly = new Thread(() -> sink = new int[100]);
        briefly.start();
      }
    }
  }
}
