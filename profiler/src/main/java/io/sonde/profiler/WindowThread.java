package io.sonde.profiler;

/**
 * The profiler's thread: an interrupt waits until a window is read, since files that are written
 * meanwhile would close.
 */
public final class WindowThread extends Thread {
  static final String NAME = "sonde-profiler";

  private final Object lock = new Object();
  private boolean reads;
  private boolean interrupted;

  WindowThread(Runnable work) {
    super(null, work, NAME, 0);
  }

  /** On the profiler's thread: whether interrupts are to wait from now on. */
  public static void reads(boolean now) {
    Thread current = Thread.currentThread();
    if (current instanceof WindowThread) {
      ((WindowThread) current).set(now);
    }
  }

  private void set(boolean now) {
    synchronized (lock) {
      reads = now;
      if (!now && interrupted) {
        interrupted = false;
        super.interrupt();
      }
    }
  }

  @Override
  public void interrupt() {
    synchronized (lock) {
      if (reads) {
        interrupted = true;
        return;
      }
    }
    super.interrupt();
  }
}
