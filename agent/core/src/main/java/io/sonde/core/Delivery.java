package io.sonde.core;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What became of the spans, or the profiles, that were to leave the agent: how many arrived, and
 * how many were lost to what.
 *
 * <p>Written by the exporter's thread, read by anyone at any time.
 */
public final class Delivery implements Complaints.Waiting {
  /** What can become of a span. */
  public enum Outcome {
    /** The receiver took it. */
    EXPORTED("exported"),
    /** The queue was full. */
    QUEUE_FULL("queue full"),
    /** No connection, or it broke. */
    UNREACHABLE("unreachable"),
    /** The receiver did not answer in time. */
    TIMEOUT("timeout"),
    /** The receiver was overloaded for longer than a batch is tried. */
    UNAVAILABLE("unavailable"),
    /** The receiver refused the whole request. */
    REFUSED("refused"),
    /** The receiver took the request but not this span. */
    REJECTED("rejected"),
    /** It waited longer than the receiver takes it. */
    TOO_OLD("too old"),
    /** The span, or its request, could not be made. */
    FAILED("failed"),
    /** It still waited when the JVM ended. */
    UNSENT("unsent");

    private final String text;

    Outcome(String text) {
      this.text = text;
    }

    /** Whether the same request may succeed later. */
    public boolean passing() {
      return this == UNREACHABLE || this == TIMEOUT || this == UNAVAILABLE;
    }

    /** The outcome in one or two words. */
    public String text() {
      return text;
    }
  }

  private static final Outcome[] OUTCOMES = Outcome.values();

  /** To count what is being taken from the queue: whoever asks must not wait. */
  private static final int MOST_TRIES = 10;

  /** The counts of this process's spans. */
  public static final Delivery SPANS = new Delivery();

  /** The counts of this process's profiles, one of each type a window. */
  public static final Delivery PROFILES = new Delivery();

  /** The counts of this process's profiles that leave by OTLP, one of each value a window. */
  public static final Delivery OTLP_PROFILES = new Delivery();

  // Filled once, so that threads may read it without a lock.
  private final Map<Outcome, AtomicLong> counts = new EnumMap<>(Outcome.class);
  private volatile @Nullable SpanQueue queue;
  private volatile Complaints.@Nullable Waiting waiting;
  private volatile @Nullable String failure;
  private volatile boolean ended;

  /** Counts from zero. */
  public Delivery() {
    for (Outcome outcome : OUTCOMES) {
      counts.put(outcome, new AtomicLong());
    }
  }

  /** Sets the queue whose drops count. */
  public void queue(SpanQueue of) {
    queue = of;
  }

  /** Sets what is asked how many wait elsewhere than in the queue of spans. */
  public void waiting(Complaints.Waiting at) {
    waiting = at;
  }

  /** Counts so many spans. */
  public void add(Outcome outcome, long spans) {
    counter(outcome).addAndGet(spans);
  }

  /** How many spans had this outcome so far. */
  public long count(Outcome outcome) {
    SpanQueue from = queue;
    if (outcome == Outcome.UNSENT) {
      return ended ? left() : 0;
    }
    return outcome == Outcome.QUEUE_FULL && from != null ? from.dropped() : counter(outcome).get();
  }

  private AtomicLong counter(Outcome outcome) {
    return Objects.requireNonNull(counts.get(outcome));
  }

  /** How many spans wait to be exported. */
  @Override
  public int waiting() {
    return ended ? 0 : left();
  }

  /**
   * The JVM ends and waits no longer: what is left counts as unsent. Should the JVM take its time
   * all the same and some of it leave, that counts as what became of it.
   */
  public void ended() {
    ended = true;
  }

  /**
   * What to say of what is left when the JVM ends, with the reason of the last failure.
   *
   * @param what one of them
   */
  public String unsent(long left, String what, Object receiver) {
    String why = failure;
    return left
        + " "
        + what
        + (left == 1 ? "" : "s")
        + " did not reach "
        + receiver
        + " before the JVM ended"
        + (why == null ? "" : ": " + why);
  }

  private int left() {
    SpanQueue from = queue;
    Complaints.Waiting at = waiting;
    int taken = at == null ? 0 : at.waiting();
    for (int tries = 1; ; tries++) {
      int left = taken + (from == null ? 0 : from.size());
      int now = at == null ? 0 : at.waiting();
      if (now == taken || tries == MOST_TRIES) {
        return left;
      }
      taken = now; // spans went from one to the other meanwhile, and count once
    }
  }

  /** How many spans can wait to be exported. */
  public int capacity() {
    SpanQueue from = queue;
    return from == null ? 0 : from.capacity();
  }

  /** How many spans were lost so far. */
  public long lost() {
    long lost = 0;
    for (Outcome outcome : OUTCOMES) {
      lost += outcome == Outcome.EXPORTED ? 0 : count(outcome);
    }
    return lost;
  }

  /** Notes why spans did not arrive this time, whether or not they are lost by that. */
  public void failed(String why) {
    failure = why;
  }

  /** Why spans did not arrive the last time they did not, or null. */
  public @Nullable String failure() {
    return failure;
  }

  /** All of it, such as "1200 exported, 3 waiting, 515 lost (512 unreachable, 3 queue full)". */
  @Override
  public String toString() {
    String losses = losses();
    return count(Outcome.EXPORTED)
        + " exported, "
        + waiting()
        + " waiting, "
        + lost()
        + " lost"
        + (losses.isEmpty() ? "" : " (" + losses + ')');
  }

  /** The losses by reason, such as "512 unreachable, 3 queue full"; empty where there are none. */
  public String losses() {
    StringBuilder text = new StringBuilder();
    for (Outcome outcome : OUTCOMES) {
      long count = outcome == Outcome.EXPORTED ? 0 : count(outcome);
      if (count > 0) {
        text.append(text.length() == 0 ? "" : ", ")
            .append(count)
            .append(' ')
            .append(outcome.text());
      }
    }
    return text.toString();
  }
}
