package io.sonde.core.pools;

import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.RecursiveTask;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a task that another one forks would pay for its wait to be measured, where a sum is halved
 * until nothing is left to be halved: why it is not.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class ForkWaitsBenchmark {
  private static final int SIZE = 4096;

  /** Whether forked tasks are noted. */
  @Param({"false", "true"})
  boolean measured;

  private final ForkJoinPool pool = new ForkJoinPool(2);
  private TaskWaits waits;

  /** Somebody reads. */
  @Setup
  public void start() {
    Pools.start();
    waits = measured ? new TaskWaits(new PoolTimes(), true) : null;
  }

  /** The pool's threads end. */
  @TearDown
  public void stop() {
    pool.shutdownNow();
  }

  /** Each of as many tasks. */
  @Benchmark
  @OperationsPerInvocation(SIZE - 1)
  public int forked() {
    return pool.invoke(new Sum(SIZE, waits));
  }

  private static final class Sum extends RecursiveTask<Integer> {
    private static final long serialVersionUID = 1;
    private final int size;
    private final transient TaskWaits waits;

    Sum(int size, TaskWaits waits) {
      this.size = size;
      this.waits = waits;
    }

    @Override
    protected Integer compute() {
      if (waits != null) {
        waits.began(this);
      }
      if (size == 1) {
        return 1;
      }
      Sum half = new Sum(size / 2, waits);
      if (waits != null) {
        waits.handedOver(half);
      }
      half.fork();
      return new Sum(size / 2, waits).invoke() + half.join();
    }
  }
}
