package io.sonde.core.pools;

import java.util.concurrent.atomic.LongAdder;

/**
 * How long one pool's connections took to get, to use and to make; or how long an executor's tasks
 * waited.
 */
public final class PoolTimes {
  final Durations waits = new Durations();
  final Durations uses = new Durations();
  final Durations creations = new Durations();
  final LongAdder timeouts = new LongAdder();

  /** The time now, or 0 where nobody measures. */
  public static long now() {
    if (!Pools.on()) {
      return 0;
    }
    long now = System.nanoTime();
    return now == 0 ? 1 : now;
  }

  /** Somebody got a connection who has asked for it since then. */
  public void waited(long since) {
    record(waits, since);
  }

  /** A connection came back that was handed out then. */
  public void used(long since) {
    record(uses, since);
  }

  /** A connection was made. */
  public void created(long since) {
    record(creations, since);
  }

  /** Somebody waited in vain. */
  public void timedOut() {
    timeouts.increment();
  }

  /** What is measured. */
  enum Time {
    WAIT,
    USE,
    CREATE
  }

  Durations of(Time time) {
    return time == Time.WAIT ? waits : time == Time.USE ? uses : creations;
  }

  /** Adds what another one has. */
  void add(PoolTimes other) {
    waits.add(other.waits);
    uses.add(other.uses);
    creations.add(other.creations);
    timeouts.add(other.timeouts.sum());
  }

  private static void record(Durations durations, long since) {
    if (since != 0) {
      durations.record(Math.max(0, System.nanoTime() - since));
    }
  }
}
