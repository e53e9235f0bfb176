package io.sonde.profiler;

import io.sonde.core.Endpoint;
import io.sonde.core.Timeline;
import io.sonde.profiler.pprof.SeriesLabels;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The timeline of all threads as far as samples of it may still come, and the search for the span
 * that a thread was in. Used by the profiler's thread alone; bounded, and what finds no room counts
 * as lost.
 */
public final class Join implements Timeline.Sink {
  private static final int MAX_CHANGES = 500_000;

  /** Places for changes, used or not: about 40 MiB. */
  private static final int MAX_ROOM = 2 * MAX_CHANGES;

  static final int MAX_THREADS = 50_000;

  /** How many threads stay at most where room is made. */
  private static final int ROOMY = MAX_THREADS / 4 * 3;

  /** After so long without a change a thread that is in a span is forgotten: it may be dead. */
  private static final long FORGOTTEN_NANOS = 1_800_000_000_000L;

  private static final long SECOND = 1_000_000_000L;

  /** Windows differ. */
  private static final int SPARE = 4;

  private final Map<Long, Track> tracks = new HashMap<>();
  private final BaggageLabels labels;
  private int changes;
  private int room;

  /** Until what is old is forgotten the next time, a thread that is not here may have a span. */
  private boolean incomplete;

  /** No room can be made by then: every thread that is left is needed. */
  private boolean full;

  /** How many threads stayed when what is old was forgotten. */
  private int needed;

  private @Nullable Track found;
  private int at;

  /** Changes come thread by thread. */
  private @Nullable Track latest;

  private long nextCollect = System.nanoTime();

  // since they were counted last
  private long joined;
  private long outside;
  private long unassigned;

  /** Without labels from baggage. */
  public Join() {
    this(Collections.emptyList());
  }

  /**
   * A new one.
   *
   * @param baggage keys of baggage that become labels
   */
  public Join(List<String> baggage) {
    labels = new BaggageLabels(baggage);
    Endpoint.keepBaggage(!labels.isEmpty());
  }

  @Override
  public void change(
      long thread, long nanos, long span, long traceHi, long traceLo, @Nullable Endpoint endpoint) {
    Track track = track(thread, nanos);
    if (track == null
        || changes >= MAX_CHANGES
        || track.isFull() && room + track.size() > MAX_ROOM) {
      incomplete = true;
      lost(thread);
      return;
    }
    int before = track.size();
    track.add(nanos, span, traceHi, traceLo, endpoint);
    room += track.size() - before;
    changes++;
  }

  @Override
  public void lost(long thread) {
    Track track = tracks.get(thread);
    if (track != null) {
      track.lose();
    }
  }

  @Override
  public void lost() {
    incomplete = true;
    for (Track track : tracks.values()) {
      track.lose();
    }
  }

  private @Nullable Track track(long thread, long nanos) {
    Track track = latest;
    if (track != null && track.thread == thread) {
      return track;
    }
    track = tracks.get(thread);
    return latest = track != null ? track : begin(thread, nanos);
  }

  private @Nullable Track begin(long thread, long nanos) {
    if (tracks.size() >= MAX_THREADS && !full) {
      makeRoom(nanos);
    }
    if (tracks.size() >= MAX_THREADS) {
      return null;
    }
    Track track = new Track(thread);
    room += track.size();
    tracks.put(thread, track);
    return track;
  }

  /**
   * Forgets the threads that went into a span longest ago. Most are dead: a thread that was born in
   * a span says nothing when it ends.
   */
  private void makeRoom(long now) {
    long[] ages = new long[tracks.size()];
    int inSpan = 0;
    for (Track track : tracks.values()) {
      if (track.isInSpan()) {
        ages[inSpan++] = now - track.last();
      }
    }
    int surplus = Math.min(inSpan, tracks.size() - ROOMY);
    if (surplus <= 0) {
      full = true;
      return;
    }
    latest = null;
    Arrays.sort(ages, 0, inSpan);
    long oldest = ages[inSpan - surplus];
    for (Iterator<Track> all = tracks.values().iterator(); all.hasNext() && surplus > 0; ) {
      Track track = all.next();
      if (track.isInSpan() && now - track.last() >= oldest) {
        changes -= track.count;
        room -= track.size();
        all.remove();
        surplus--;
      }
    }
    incomplete = true;
    full = tracks.size() > MAX_THREADS - MAX_THREADS / 100; // looking again would cost too much
  }

  /**
   * Collects the timeline once a second, or five times as often where threads change much, and says
   * whether it did. Whatever takes long calls this meanwhile: what waits too long is overwritten.
   */
  public boolean keepUp() {
    long now = System.nanoTime();
    if (now - nextCollect < 0) {
      return false;
    }
    nextCollect = now + (Timeline.collect(this) ? SECOND / 5 : SECOND);
    return true;
  }

  /** Whether there is so much that samples should be read soon. */
  public boolean isCrowded() {
    return changes > MAX_CHANGES / 2
        || room > MAX_ROOM / 4 * 3
        || tracks.size() - needed > (MAX_THREADS - needed) / 2;
  }

  /** Looks for the span that the thread was in; false where it was in none, or nobody knows. */
  public boolean find(long thread, long nanos) {
    found = null;
    Track track = tracks.get(thread);
    int index = track == null ? -1 : track.at(nanos);
    if (track == null || index < 0) {
      if (incomplete) {
        unassigned++;
      } else {
        outside++;
      }
      return false;
    }
    if (track.isLost(index)) {
      unassigned++;
      return false;
    }
    if (track.span(index) == 0) {
      outside++;
      return false;
    }
    joined++;
    found = track;
    at = index;
    return true;
  }

  /** The same for some moment between these two: nobody knows where the thread's span changed. */
  public boolean find(long thread, long from, long to) {
    Track track = tracks.get(thread);
    if (track != null && track.at(from) != track.at(to)) {
      findNone();
      return false;
    }
    return find(thread, to);
  }

  /** Nobody can say which span the sample belongs to. */
  public void findNone() {
    found = null;
    unassigned++;
  }

  /** The span that was found, 0 for none and for one that cannot be looked up anywhere. */
  public long span() {
    return traceHi() == 0 && traceLo() == 0 || found == null ? 0 : found.span(at);
  }

  /** The upper half of its trace. */
  public long traceHi() {
    return found == null ? 0 : found.traceHi(at);
  }

  /** The lower half of its trace. */
  public long traceLo() {
    return found == null ? 0 : found.traceLo(at);
  }

  /** The route of its request, and what its baggage says. */
  public @Nullable String endpoint() {
    Endpoint endpoint = found == null ? null : found.endpoint(at);
    return endpoint == null
        ? null
        : SeriesLabels.of(endpoint.route(), labels.of(endpoint.baggage()));
  }

  /** Forgets what no sample from {@code nanos} on needs. */
  public void forgetBefore(long nanos) {
    int spare = room > MAX_ROOM / 2 ? 2 : SPARE;
    changes = 0;
    room = 0;
    latest = null;
    incomplete = false;
    full = false;
    for (Iterator<Track> all = tracks.values().iterator(); all.hasNext(); ) {
      Track track = all.next();
      track.forgetBefore(nanos, spare);
      if (track.count == 0
          || track.count == 1
              && track.last() - nanos < (track.span(0) == 0 ? 0 : -FORGOTTEN_NANOS)) {
        all.remove();
      } else {
        changes += track.count;
        room += track.size();
      }
    }
    if (tracks.size() > ROOMY) {
      makeRoom(nanos);
      full = false; // what comes may be such that room can be made
    }
    needed = tracks.size();
  }

  /** Counts what became of samples since the last time. */
  public void count(Health health) {
    health.add(Health.Sample.IN_SPAN, joined);
    health.add(Health.Sample.OUTSIDE, outside);
    health.add(Health.Sample.UNKNOWN, unassigned);
    joined = 0;
    outside = 0;
    unassigned = 0;
  }

  /** Samples outside of any span. */
  long outside() {
    return outside;
  }

  /** Samples whose span is not known since changes were lost or threads found no room. */
  long unassigned() {
    return unassigned;
  }
}
