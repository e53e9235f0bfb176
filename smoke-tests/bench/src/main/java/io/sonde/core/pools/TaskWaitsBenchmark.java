package io.sonde.core.pools;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What a task pays for its wait to be measured: new objects, as tasks are, ten of them waiting. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class TaskWaitsBenchmark {
  private final TaskWaits waits = new TaskWaits(new PoolTimes(), false);
  private final Task[] waiting = new Task[10];
  private int next;

  /** The thread is a worker, and somebody reads. */
  @Setup
  public void start() {
    Pools.start();
    waits.worker();
    for (int i = 0; i < waiting.length; i++) {
      waiting[i] = new Task();
      waits.handedOver(waiting[i]);
    }
  }

  /** The task alone. */
  @Benchmark
  public Task unmeasured() {
    int i = next;
    next = i + 1 == waiting.length ? 0 : i + 1;
    return waiting[i] = new Task();
  }

  /** Handed over, and ten tasks later begun. */
  @Benchmark
  public Task measured() {
    int i = next;
    next = i + 1 == waiting.length ? 0 : i + 1;
    Task first = waiting[i];
    TaskWaits.begins(first);
    waiting[i] = new Task();
    waits.handedOver(waiting[i]);
    return first;
  }

  static final class Task implements Runnable {
    @Override
    public void run() {}
  }
}
