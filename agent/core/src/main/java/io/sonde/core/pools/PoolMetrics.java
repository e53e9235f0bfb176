package io.sonde.core.pools;

import io.sonde.core.metrics.Instrument;
import io.sonde.core.metrics.Instrument.Kind;
import io.sonde.core.metrics.Labels;
import io.sonde.core.metrics.MetricReader;
import io.sonde.core.metrics.MetricSource;
import io.sonde.core.pools.PoolNumbers.Fact;
import io.sonde.core.pools.PoolTimes.Time;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Pools as metrics: connections by the conventions, which have none for workers.
 *
 * <p>Pools of one name are added up; there are {@link PoolSums#NAMES} names of each kind at most,
 * the rest is {@code other}. Read by one thread at a time, on which the application's code is
 * called.
 */
public final class PoolMetrics implements MetricSource {
  private static final String POOL = "db.client.connection.pool.name";
  private static final String STATE = "db.client.connection.state";

  private static final Instrument CONNECTIONS =
      connection(
          "count", "{connection}", "The number of connections that are in the state described.");
  private static final Instrument CONNECTIONS_MAX =
      connection("max", "{connection}", "The maximum number of open connections allowed.");
  private static final Instrument IDLE_MAX =
      connection("idle.max", "{connection}", "The maximum number of idle connections allowed.");
  private static final Instrument IDLE_MIN =
      connection("idle.min", "{connection}", "The minimum number of idle connections allowed.");
  private static final Instrument PENDING =
      connection(
          "pending_requests", "{request}", "The number of requests waiting for a connection.");
  private static final Instrument TIMEOUTS =
      new Instrument(
          Kind.COUNTER,
          "db.client.connection.timeouts",
          "{timeout}",
          "The number of connection timeouts that occurred.");
  private static final Instrument WAIT =
      seconds("wait_time", "The time it took to obtain an open connection from the pool.");
  private static final Instrument USE =
      seconds("use_time", "The time between borrowing a connection and returning it to the pool.");
  private static final Instrument CREATE =
      seconds("create_time", "The time it took to create a new connection.");

  private static final String EXECUTOR = "executor.name";

  private static final Instrument THREADS =
      executor(
          Kind.UP_DOWN_COUNTER, "threads", "{thread}", "Threads of the pool, by what they do.");
  private static final Instrument THREADS_MAX =
      executor(
          Kind.UP_DOWN_COUNTER, "threads.max", "{thread}", "The most threads the pool may have.");
  private static final Instrument QUEUED =
      executor(
          Kind.UP_DOWN_COUNTER,
          "queue.length",
          "{task}",
          "Tasks that wait for a thread of the pool.");
  private static final Instrument COMPLETED_BY_POOL =
      executor(Kind.COUNTER, "tasks.completed", "{task}", "Tasks that the pool has run.");
  private static final Instrument REJECTED =
      executor(Kind.COUNTER, "tasks.rejected", "{task}", "Tasks that the pool did not take.");
  private static final Instrument WAITED =
      executor(
          Kind.HISTOGRAM,
          "tasks.wait_time",
          "s",
          "How long tasks waited for a thread of the pool, or since they were due.");

  private final LongSupplier jvmStarted;

  /**
   * Reads the application's pools.
   *
   * @param jvmStarted when, in milliseconds since 1970, or 0; asked at each reading
   */
  public PoolMetrics(LongSupplier jvmStarted) {
    this.jvmStarted = jvmStarted;
  }

  private static Instrument connection(String name, String unit, String description) {
    return new Instrument(Kind.UP_DOWN_COUNTER, "db.client.connection." + name, unit, description);
  }

  private static Instrument seconds(String name, String description) {
    return new Instrument(Kind.HISTOGRAM, "db.client.connection." + name, "s", description);
  }

  private static Instrument executor(Kind kind, String name, String unit, String description) {
    return new Instrument(kind, "executor." + name, unit, description);
  }

  @Override
  public void read(MetricReader reader) {
    PoolSums sums = new PoolSums(Pools.alive());
    if (!sums.connections.isEmpty()) {
      connections(reader, sums.connections);
    }
    if (!sums.workers.isEmpty()) {
      workers(reader, sums.workers);
    }
  }

  private static void connections(MetricReader reader, Map<String, PoolSum> pools) {
    reader.instrument(CONNECTIONS);
    for (Map.Entry<String, PoolSum> pool : pools.entrySet()) {
      String name = pool.getKey();
      PoolSum sum = pool.getValue();
      number(reader, Labels.of(POOL, name, STATE, "idle"), sum.get(Fact.IDLE));
      number(reader, Labels.of(POOL, name, STATE, "used"), sum.get(Fact.USED));
    }
    each(reader, CONNECTIONS_MAX, POOL, pools, Fact.MAX);
    each(reader, IDLE_MAX, POOL, pools, Fact.MAX_IDLE);
    each(reader, IDLE_MIN, POOL, pools, Fact.MIN_IDLE);
    each(reader, PENDING, POOL, pools, Fact.WAITING);
    reader.instrument(TIMEOUTS);
    for (Map.Entry<String, PoolSum> pool : pools.entrySet()) {
      String name = pool.getKey();
      PoolSum sum = pool.getValue();
      reader.number(Labels.of(POOL, name), sum.totals.times.timeouts.sum());
    }
    histograms(reader, WAIT, POOL, pools, Time.WAIT);
    histograms(reader, USE, POOL, pools, Time.USE);
    histograms(reader, CREATE, POOL, pools, Time.CREATE);
  }

  private void workers(MetricReader reader, Map<String, PoolSum> pools) {
    reader.instrument(THREADS);
    for (Map.Entry<String, PoolSum> pool : pools.entrySet()) {
      String name = pool.getKey();
      PoolSum sum = pool.getValue();
      String state = "executor.thread.state";
      number(reader, Labels.of(EXECUTOR, name, state, "active"), sum.get(Fact.USED));
      number(reader, Labels.of(EXECUTOR, name, state, "idle"), sum.get(Fact.IDLE));
    }
    each(reader, THREADS_MAX, EXECUTOR, pools, Fact.MAX);
    each(reader, QUEUED, EXECUTOR, pools, Fact.WAITING);
    // A pool may be older than the agent, and tells what it has done all its life.
    reader.instrument(COMPLETED_BY_POOL.since(jvmStarted.getAsLong()));
    for (Map.Entry<String, PoolSum> pool : pools.entrySet()) {
      String name = pool.getKey();
      PoolSum sum = pool.getValue();
      if (sum.totals.completes) {
        reader.number(Labels.of(EXECUTOR, name), sum.totals.completed.sum());
      }
    }
    reader.instrument(REJECTED);
    for (Map.Entry<String, PoolSum> pool : pools.entrySet()) {
      String name = pool.getKey();
      PoolSum sum = pool.getValue();
      reader.number(Labels.of(EXECUTOR, name), sum.totals.rejected.sum());
    }
    histograms(reader, WAITED, EXECUTOR, pools, Time.WAIT);
  }

  private static void each(
      MetricReader reader,
      Instrument instrument,
      String key,
      Map<String, PoolSum> pools,
      Fact fact) {
    reader.instrument(instrument);
    for (Map.Entry<String, PoolSum> pool : pools.entrySet()) {
      String name = pool.getKey();
      PoolSum sum = pool.getValue();
      number(reader, Labels.of(key, name), sum.get(fact));
    }
  }

  private static void number(MetricReader reader, Labels labels, long value) {
    if (value != PoolNumbers.UNKNOWN) {
      reader.number(labels, value);
    }
  }

  private static void histograms(
      MetricReader reader,
      Instrument instrument,
      String key,
      Map<String, PoolSum> pools,
      Time time) {
    boolean said = false;
    for (Map.Entry<String, PoolSum> pool : pools.entrySet()) {
      Durations durations = pool.getValue().totals.times.of(time);
      if (!durations.isEmpty()) {
        if (!said) {
          reader.instrument(instrument);
          said = true;
        }
        reader.histogram(Labels.of(key, pool.getKey()), durations.histogram());
      }
    }
  }
}
