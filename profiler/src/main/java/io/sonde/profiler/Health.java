package io.sonde.profiler;

import io.sonde.core.Delivery;
import io.sonde.core.Links;
import io.sonde.core.Timeline;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How the profiler of this process is: what became of samples, windows and changes of context.
 *
 * <p>Written by the profiler's thread, read by anyone at any time.
 */
public final class Health {
  /** What became of a sample. */
  public enum Sample {
    /** It found its span. */
    IN_SPAN,
    /** It was taken outside of any span. */
    OUTSIDE,
    /** Nobody knows its span: changes of context were lost. */
    UNKNOWN,
    /** There were too many in its window. */
    DROPPED,
    /** It counts, but without its span or stack, since its profile was full. */
    FOLDED,
    /** It was due while the JVM takes none, as in its own code: its time is in no stack. */
    MISSED
  }

  /** Why a window ended. */
  public enum Window {
    /** Its time was over. */
    FULL,
    /** There were too many changes of context to keep them longer. */
    CROWDED,
    /** Its recording took too much of the disk. */
    DISK,
    /** The application began to record by itself, or no longer does. */
    SHARING,
    /** Somebody waited for it. */
    AWAITED,
    /** The profiler, or the JVM, ended. */
    LAST,
    /** It could not be read, and has no profiles. */
    FAILED
  }

  /** How allocations were sampled in a window. */
  public enum Allocations {
    /** Each event. */
    ALL,
    /** Each event during a part of the time. */
    DUTY,
    /** Some events. */
    SAMPLED
  }

  /** This process's profiler. */
  public static final Health PROFILER = new Health();

  // Filled once, so that threads may read it without a lock.
  private final Map<Enum<?>, AtomicLong> counts = new HashMap<>();
  private final AtomicLong lastWindow = new AtomicLong();

  private final AtomicLong restarts = new AtomicLong();

  private volatile boolean on;
  private volatile boolean down;

  /** Counts from zero. */
  public Health() {
    fill(Sample.values());
    fill(Window.values());
    fill(Allocations.values());
  }

  private void fill(Enum<?>[] all) {
    for (Enum<?> one : all) {
      counts.put(one, new AtomicLong());
    }
  }

  private AtomicLong counter(Enum<?> what) {
    return Objects.requireNonNull(counts.get(what));
  }

  /** A profiler is started. */
  public void begin() {
    on = true;
  }

  /** Whether a profiler was started. */
  public boolean isOn() {
    return on;
  }

  /** Whether the profiler has died and waits to be started again. */
  public boolean isDown() {
    return down;
  }

  void down(boolean now) {
    down = now;
  }

  /** Counts a start after a death. */
  public void restarted() {
    restarts.incrementAndGet();
  }

  /** How often a profiler that had died was started again. */
  public long restarts() {
    return restarts.get();
  }

  /** Counts samples. */
  public void add(Sample what, long more) {
    counter(what).addAndGet(more);
  }

  /** Counts a window that lasted so long. */
  public void add(Window end, long nanos) {
    counter(end).incrementAndGet();
    lastWindow.set(nanos);
  }

  /** Counts a window that was under way when its engine died. */
  void died() {
    counter(Window.FAILED).incrementAndGet();
    Delivery.PROFILES.add(Delivery.Outcome.FAILED, 1);
  }

  /** Counts a window whose allocations were sampled so. */
  public void add(Allocations how) {
    counter(how).incrementAndGet();
  }

  /** How many samples came to that. */
  public long count(Sample what) {
    return counter(what).get();
  }

  /** How many windows ended so. */
  public long count(Window end) {
    return counter(end).get();
  }

  /** How many windows sampled allocations so. */
  public long count(Allocations how) {
    return counter(how).get();
  }

  /** Where there were windows, what became of them and of samples, such as "9 windows (…), …". */
  @Override
  public String toString() {
    long all = 0;
    for (Window end : Window.values()) {
      all += count(end);
    }
    StringBuilder text = new StringBuilder().append(all).append(" windows");
    Window[] ends = {
      Window.CROWDED, Window.DISK, Window.SHARING, Window.AWAITED, Window.LAST, Window.FAILED
    };
    String[] words = {
      "cut by many changes of context",
      "cut by the disk's bound",
      "cut by sharing",
      "ended for a request",
      "ended with the profiler",
      "failed"
    };
    String before = " (";
    for (int i = 0; i < ends.length; i++) {
      if (count(ends[i]) > 0) {
        text.append(before).append(count(ends[i])).append(' ').append(words[i]);
        before = ", ";
      }
    }
    text.append(before.equals(" (") ? "" : ")");
    if (restarts() > 0) {
      text.append(", started again ").append(restarts()).append(" times");
    }
    text.append(String.format(Locale.ROOT, ", the last of %.1f s", lastWindow.get() / 1e9));
    for (Sample what : Sample.values()) {
      text.append(what == Sample.IN_SPAN ? "; samples: " : ", ").append(count(what));
      text.append(' ').append(word(what));
    }
    text.append("; allocations by");
    for (Allocations how : Allocations.values()) {
      text.append(how == Allocations.ALL ? " " : ", ").append(how.name().toLowerCase(Locale.ROOT));
      text.append(" in ").append(count(how));
    }
    text.append("; links: ").append(Links.alive()).append(" with samples, ");
    text.append(Links.dead()).append(" without");
    if (Links.withoutRoom() > 0) {
      text.append(", ").append(Links.withoutRoom()).append(" spans left before, for want of room");
    }
    return text.append("; changes of context lost: ")
        .append(Timeline.overwritten())
        .append(" overwritten, ")
        .append(Timeline.refused())
        .append(" without room")
        .toString();
  }

  /** The word for it in lines and labels. */
  public static String word(Enum<?> what) {
    return what.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
