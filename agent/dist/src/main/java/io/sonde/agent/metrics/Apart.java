package io.sonde.agent.metrics;

import io.sonde.core.metrics.MetricReader;
import io.sonde.core.metrics.MetricSource;

/**
 * A source that calls the application's code, which may block: it is read on a thread of its own,
 * one at a time, that lasts as long as the reading.
 */
final class Apart {
  private static final long LONGEST_NANOS = 5_000_000_000L;

  private final String name;
  private final MetricSource source;
  private final Metrics.Surroundings agent;
  private final Unread unread;
  private final long longest;
  private Recorded last = new Recorded();
  private Reading newest = new Reading();

  Apart(String name, MetricSource source, Metrics.Surroundings agent, Unread unread) {
    this(name, source, agent, unread, LONGEST_NANOS);
  }

  Apart(String name, MetricSource source, Metrics.Surroundings agent, Unread unread, long longest) {
    this.name = name;
    this.source = source;
    this.agent = agent;
    this.unread = unread;
    this.longest = longest;
    newest.done = true;
  }

  /** Joins the reading that goes on, else starts one. */
  synchronized MetricSource begin() {
    if (newest.done) {
      newest = new Reading();
      try {
        agent.startBriefly("sonde-" + name, newest);
      } catch (Throwable thrown) {
        newest.done = true; // There is no room for a thread.
        unread.failed(name, thrown);
      }
    }
    return newest;
  }

  /** One reading, which several may wait for: all of them no longer than to the same moment. */
  private final class Reading implements MetricSource, Runnable {
    private final long start = System.nanoTime();
    private boolean done;

    @Override
    public void run() {
      Recorded read = new Recorded();
      Throwable failure = null;
      try {
        source.read(read);
      } catch (Throwable thrown) {
        failure = thrown;
      }
      synchronized (Apart.this) {
        done = true;
        if (failure == null) {
          last = read;
        }
        Apart.this.notifyAll();
      }
      if (failure != null) {
        unread.failed(name, failure);
      }
    }

    @Override
    public void read(MetricReader reader) {
      // A reader may write to a slow client: no lock is held meanwhile.
      result().read(reader);
    }

    private Recorded result() {
      synchronized (Apart.this) {
        long left = longest - (System.nanoTime() - start);
        try {
          while (!done && left > 0) {
            Apart.this.wait(left / 1_000_000 + 1);
            left = longest - (System.nanoTime() - start);
          }
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
        if (done) {
          return last;
        }
      }
      unread.late(name);
      synchronized (Apart.this) {
        return last;
      }
    }
  }
}
