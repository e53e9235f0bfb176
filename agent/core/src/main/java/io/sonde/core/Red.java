package io.sonde.core;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Rate, errors and duration of every call, sampled or not: one histogram a series, found through
 * the route, method and status that the span has in hand.
 *
 * <p>Recording allocates nothing once the series exists. Each instrument has a bounded number of
 * series; what comes after goes to the instrument's overflow series and is counted there.
 */
public final class Red {
  /** {@code http.server.request.duration}. */
  public static final int HTTP_SERVER = 0;

  /** {@code http.client.request.duration}. */
  public static final int HTTP_CLIENT = 1;

  /** {@code db.client.operation.duration}. */
  public static final int DATABASE = 2;

  /** {@code messaging.client.operation.duration} and {@code messaging.process.duration}. */
  public static final int MESSAGING = 3;

  static final int MAX_SERIES = 1000;

  private static final double[] HTTP_SECONDS = {
    0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10
  };
  private static final double[] DATABASE_SECONDS = {0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10};

  private static final Red RED = new Red();

  // Open addressing with linear probing. Series are only ever added, under the lock, into a table
  // at most a quarter full;
  // readers probe without a lock and at worst miss a series that is being added, then look again
  // under the lock.
  private final Table[] tables = {
    new Table(HTTP_SECONDS),
    new Table(HTTP_SECONDS),
    new Table(DATABASE_SECONDS),
    new Table(HTTP_SECONDS)
  };

  Red() {}

  /** The process's series. */
  public static Red instance() {
    return RED;
  }

  static void record(Span span) {
    span.red(RED, span.endNanos() - span.startNanos());
  }

  void http(
      int instrument,
      String method,
      @Nullable String routeOrHost,
      @Nullable String scheme,
      int status,
      @Nullable String errorType,
      long nanos) {
    tables[instrument].record(method, routeOrHost, scheme, null, errorType, status, nanos);
  }

  void database(
      Database database, @Nullable String summary, @Nullable String errorType, long nanos) {
    tables[DATABASE].record(
        database.system,
        database.namespace,
        summary,
        database.host,
        errorType,
        database.port,
        nanos);
  }

  void messaging(
      String system,
      String operationName,
      String operationType,
      @Nullable String destination,
      @Nullable String errorType,
      long nanos) {
    tables[MESSAGING].record(
        system, operationName, operationType, destination, errorType, 0, nanos);
  }

  /** Hands every series of an instrument to {@code reader}. */
  public void read(int instrument, Reader reader) {
    Table table = tables[instrument];
    for (int i = 0; i < table.slots.length(); i++) {
      Series series = table.slots.get(i);
      if (series != null) {
        reader.series(series);
      }
    }
    if (table.overflow.count() > 0) {
      reader.series(table.overflow);
    }
  }

  /** Takes series one by one. */
  public interface Reader {
    /** One series. */
    void series(Series series);
  }

  private static final class Table {
    private final long[] bounds;
    private final AtomicReferenceArray<@Nullable Series> slots =
        new AtomicReferenceArray<>(MAX_SERIES * 4);
    private int size;
    private volatile boolean full;
    private final Series overflow;

    Table(double[] seconds) {
      bounds = new long[seconds.length];
      for (int i = 0; i < seconds.length; i++) {
        bounds[i] = Math.round(seconds[i] * 1e9);
      }
      overflow = new Series("overflow", null, null, null, null, 0, bounds);
    }

    void record(
        String a,
        @Nullable String b,
        @Nullable String c,
        @Nullable String d,
        @Nullable String error,
        int status,
        long nanos) {
      int hash = hash(a, b, c, d, error, status);
      Series found = find(hash, a, b, c, d, error, status);
      if (found == null) {
        found = full ? overflow : add(hash, a, b, c, d, error, status);
      }
      found.record(nanos);
    }

    private @Nullable Series find(
        int hash,
        String a,
        @Nullable String b,
        @Nullable String c,
        @Nullable String d,
        @Nullable String error,
        int status) {
      for (int i = Math.floorMod(hash, slots.length()); ; i = i + 1 == slots.length() ? 0 : i + 1) {
        Series series = slots.get(i);
        if (series == null || series.is(a, b, c, d, error, status)) {
          return series;
        }
      }
    }

    private synchronized Series add(
        int hash,
        String a,
        @Nullable String b,
        @Nullable String c,
        @Nullable String d,
        @Nullable String error,
        int status) {
      Series found = find(hash, a, b, c, d, error, status);
      if (found != null) {
        return found;
      }
      if (size >= MAX_SERIES) {
        return overflow;
      }
      full = ++size == MAX_SERIES;
      Series series = new Series(a, b, c, d, error, status, bounds);
      int i = Math.floorMod(hash, slots.length());
      while (slots.get(i) != null) {
        i = i + 1 == slots.length() ? 0 : i + 1;
      }
      slots.set(i, series);
      return series;
    }

    private static int hash(
        String a,
        @Nullable String b,
        @Nullable String c,
        @Nullable String d,
        @Nullable String error,
        int status) {
      int hash = a.hashCode();
      hash = hash * 31 + (b == null ? 0 : b.hashCode());
      hash = hash * 31 + (c == null ? 0 : c.hashCode());
      hash = hash * 31 + (d == null ? 0 : d.hashCode());
      hash = hash * 31 + (error == null ? 0 : error.hashCode());
      return (hash * 31 + status) * 0x9E3779B9 >>> 1;
    }
  }

  /** One histogram with the values of its labels. */
  public static final class Series {
    /** Labels in the order of the instrument; null where the call had none. */
    public final String a;

    public final @Nullable String b;
    public final @Nullable String c;
    public final @Nullable String d;

    /** error.type. */
    public final @Nullable String error;

    /** HTTP status code, a database server's port, else 0. */
    public final int status;

    private final long[] bounds;
    private final AtomicLongArray buckets;
    private final LongAdder nanos = new LongAdder();

    Series(
        String a,
        @Nullable String b,
        @Nullable String c,
        @Nullable String d,
        @Nullable String error,
        int status,
        long[] bounds) {
      this.a = a;
      this.b = b;
      this.c = c;
      this.d = d;
      this.error = error;
      this.status = status;
      this.bounds = bounds;
      this.buckets = new AtomicLongArray(bounds.length + 1);
    }

    boolean is(
        String a,
        @Nullable String b,
        @Nullable String c,
        @Nullable String d,
        @Nullable String error,
        int status) {
      return this.status == status
          && this.a.equals(a)
          && Objects.equals(this.b, b)
          && Objects.equals(this.c, c)
          && Objects.equals(this.d, d)
          && Objects.equals(this.error, error);
    }

    void record(long duration) {
      int bucket = 0;
      while (bucket < bounds.length && duration > bounds[bucket]) {
        bucket++;
      }
      buckets.incrementAndGet(bucket);
      nanos.add(duration);
    }

    /** How many calls. */
    public long count() {
      long count = 0;
      for (int i = 0; i < buckets.length(); i++) {
        count += buckets.get(i);
      }
      return count;
    }

    /** How many calls in bucket {@code i}. */
    public long bucket(int i) {
      return buckets.get(i);
    }

    /** The sum of their durations. */
    public long nanos() {
      return nanos.sum();
    }
  }
}
