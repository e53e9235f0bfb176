package io.sonde.core;

/** A platform thread has started. */
public final class ThreadStart {
  final long thread;
  final long parent;
  final long nanos;
  final boolean carrier;

  /** Whether the thread has said itself who it is. */
  boolean speaks;

  /** Whether a birth was found for it. */
  boolean matched;

  /**
   * One of them.
   *
   * @param parent the thread that started it
   * @param carrier whether it runs virtual threads, and belongs to no span
   */
  public ThreadStart(long thread, long parent, long nanos, boolean carrier) {
    this.thread = thread;
    this.parent = parent;
    this.nanos = nanos;
    this.carrier = carrier;
  }
}
