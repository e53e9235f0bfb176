package io.sonde.core;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * One timed call and, at the same time, the context that runs below it.
 *
 * <p>Ids are longs, times are {@link System#nanoTime()}, what every span of a kind has is a field
 * and the rest stands in a {@link Recorded}, which is only there where the span is exported.
 * Strings and maps are made from it on the exporter's thread. A span is written by one thread at a
 * time and ends once; what is set after its end is ignored.
 */
public abstract class Span {
  /** The bit of each kind, for suppression. */
  static final int SERVER = 1 << 8;

  static final int CLIENT = 1 << 9;
  static final int DATABASE = 1 << 10;
  static final int PRODUCER = 1 << 11;
  static final int CONSUMER = 1 << 12;
  private static final int KINDS = SERVER | CLIENT | DATABASE | PRODUCER | CONSUMER;

  private static final int SAMPLED = Incoming.SAMPLED;
  private static final int RANDOM_ID = Incoming.RANDOM;
  private static final int DEBUG = Incoming.DEBUG;
  private static final int REMOTE_PARENT = 1 << 16;
  private static final int QUEUED = 1 << 17;

  /** The span is a turn of a loop, which can be left unseen. */
  static final int LOOP = 1 << 18;

  private static final int OWN_WEIGHT = 160;

  /** An exception with the places that it knows. */
  private static final int ERROR_WEIGHT = 2048;

  private static final AtomicLongFieldUpdater<Span> END =
      AtomicLongFieldUpdater.newUpdater(Span.class, "end");

  private final long traceHi;
  private final long traceLo;
  private final long id;
  private final long parentId;
  private final long start;
  private volatile long end; // 0 while it runs
  private final int flags;

  private final @Nullable ServerSpan server;
  private final @Nullable Carried carried;
  private @Nullable Recorded recorded;
  private @Nullable Throwable error;
  private @Nullable LogIds logIds;

  /** Starts below {@code parent}, else below what came with the request, else as a root. */
  Span(int kind, @Nullable Span parent, @Nullable Incoming incoming, @Nullable String operation) {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    int inherited;
    boolean sampled;
    if (parent != null) {
      traceHi = parent.traceHi;
      traceLo = parent.traceLo;
      parentId = parent.id;
      inherited = parent.flags & (KINDS | RANDOM_ID | DEBUG);
      server = parent.server();
      carried = parent.carried;
      sampled = parent.sampled();
      id = newId();
    } else {
      Sampler sampler = Tracing.sampler().of(operation);
      if (incoming != null && incoming.valid()) {
        traceHi = incoming.traceHi;
        traceLo = incoming.traceLo;
        parentId = incoming.spanId;
        inherited = REMOTE_PARENT | incoming.flags & (RANDOM_ID | DEBUG);
      } else {
        long hi = random.nextLong();
        traceHi = hi != 0 ? hi : 1;
        traceLo = random.nextLong();
        parentId = 0;
        inherited = RANDOM_ID | (incoming == null ? 0 : incoming.flags & DEBUG);
      }
      server = null;
      sampled = sampler.sampled(traceLo, incoming);
      id = newId();
      Carried others = sampler.carried(incoming, sampled);
      Keeping keeping = sampled ? null : Keeping.current();
      carried =
          keeping == null
              ? others
              : Carried.with(keeping.trace(traceHi, traceLo, parentId != 0, id), others);
    }
    boolean leaves = sampled ? Tracing.exporting() : carried != null && carried.kept != null;
    flags = inherited | kind | (sampled ? SAMPLED : 0) | (leaves ? QUEUED : 0);
    recorded = recorded(parent);
    start = System.nanoTime();
  }

  /** Starts beside {@code sibling}, which has a parent, as another child of the same one. */
  Span(Span sibling) {
    traceHi = sibling.traceHi;
    traceLo = sibling.traceLo;
    parentId = sibling.parentId;
    server = sibling.server;
    carried = sibling.carried;
    flags = sibling.flags;
    id = newId();
    recorded = recorded(sibling);
    start = System.nanoTime();
  }

  private @Nullable Recorded recorded(@Nullable Span relative) {
    return exported() && Costs.on() ? new Recorded(Costs.of(traceLo, relative)) : null;
  }

  private static long newId() {
    long id = ThreadLocalRandom.current().nextLong();
    return id != 0 ? id : 1;
  }

  /** The span that this thread runs under. */
  public static @Nullable Span current() {
    return current(Slot.peek());
  }

  /**
   * The span that a new one of this kind goes below; the kind must not be {@link #suppressed} by
   * it.
   */
  static @Nullable Span current(@Nullable Slot slot) {
    Span span = slot == null ? null : slot.span;
    if (slot == null || span == null) {
      return null;
    }
    long end = span.end;
    if (end != 0) {
      return slot.expired(end) ? null : span;
    }
    if ((span.flags & LOOP) != 0 && System.nanoTime() - span.start > Tracing.LONGEST_TURN_NANOS) {
      span.end();
      slot.pop(span);
      return current(slot);
    }
    return span;
  }

  static boolean suppressed(@Nullable Span parent, int kind) {
    return parent != null && (parent.flags & kind) != 0;
  }

  /**
   * Makes this the context of the current thread until {@link #leave()}, which the same thread must
   * call.
   */
  public final void enter() {
    Slot.get().push(this);
  }

  /**
   * Gives the thread back the context it had before {@link #enter()}, also where something below
   * did not leave. Ignored where this is not open on this thread.
   */
  public final void leave() {
    Slot.get().pop(this);
  }

  /**
   * Sets an attribute: a String, Long, Double, Boolean or String[]. Kept only where the span is
   * exported.
   */
  public final void set(String key, @Nullable Object value) {
    if (value == null || !exported() || end != 0) {
      return;
    }
    record().set(key, value, firstAttributes());
  }

  /** What is kept for the export; to be asked for only where there is one. */
  final Recorded record() {
    Recorded found = recorded;
    return found != null ? found : (recorded = new Recorded(null));
  }

  /** Sets an attribute to a number. */
  public final void set(String key, long value) {
    if (exported()) {
      set(key, (Object) Long.valueOf(value));
    }
  }

  /** How many slots a span of this kind usually needs, two an attribute. */
  int firstAttributes() {
    return 8;
  }

  /** The exception that the call ended with; the first one counts. */
  public final void error(@Nullable Throwable thrown) {
    if (thrown != null && error == null && end == 0) {
      error = thrown;
    }
  }

  /** Ends the span now, with what the call threw. Only the first call has an effect. */
  public final void end(@Nullable Throwable thrown) {
    error(thrown);
    if (end != 0) {
      return;
    }
    long now = System.nanoTime();
    if (END.compareAndSet(this, 0, now != 0 ? now : 1)) {
      Cost cost = cost();
      if (cost != null && cost.isRead) {
        Slot.counted(this, now);
      }
      KeptTrace kept = kept();
      if (kept == null) {
        Red.record(this, exported() && Tracing.offer(this));
      } else {
        record(kept);
      }
    }
  }

  private void record(KeptTrace kept) {
    try {
      Red.record(this, kept.ended(this));
    } finally {
      kept.recorded(this);
    }
  }

  /** Ends the span now. */
  public final void end() {
    end(null);
  }

  /** Writes this span into the headers of an outgoing call, as configured. */
  public final <C> void inject(C carrier, HeaderSink<C> sink) {
    Tracing.propagation().inject(this, carrier, sink);
  }

  /** Whether it ended so long ago that nothing new belongs to it. */
  final boolean isOver() {
    long at = end;
    return at != 0 && System.nanoTime() - at > Tracing.EXPIRY_NANOS;
  }

  /** Whether {@link #end} was called. */
  public final boolean isEnded() {
    return end != 0;
  }

  /** Whether the trace is sampled. */
  public final boolean sampled() {
    return (flags & SAMPLED) != 0;
  }

  /** Whether the span leaves the agent, or may, so that attributes are worth setting. */
  public final boolean exported() {
    return (flags & QUEUED) != 0;
  }

  /** Whether the span leaves the agent as far as is known by now, so that it may be shown. */
  public final boolean leaves() {
    KeptTrace kept = kept();
    return exported() && (kept == null || kept.leaves());
  }

  /** Where the trace is kept that is not sampled; null for all others. */
  final @Nullable KeptTrace kept() {
    return carried == null ? null : carried.kept;
  }

  /** Whether this span is a turn of a loop on that thread. */
  boolean turns(Slot slot) {
    return false;
  }

  /** Whose loop this span is a turn of. */
  @Nullable Object loop() {
    return null;
  }

  /** The RED series of this call, recorded whether or not it is sampled. */
  abstract RedSeries red(Red red);

  /** The span's name by the semantic conventions. */
  public abstract String name();

  /** The kind in OTLP's numbering: 2 server, 3 client, 4 producer, 5 consumer. */
  public abstract int otlpKind();

  /** Hands the kind's own attributes to {@code out}. */
  public abstract void fields(Out out);

  /** The error.type of the call, or null where it went well. */
  public abstract @Nullable String errorType();

  /** Other spans that this one belongs to. */
  public Remote[] links() {
    return NO_LINKS;
  }

  private static final Remote[] NO_LINKS = {};

  /** Links that the limit kept out. */
  public int droppedLinks() {
    return 0;
  }

  /** The server span at the top of this process's part of the trace. */
  public @Nullable ServerSpan server() {
    return server;
  }

  /** Upper half of the trace id. */
  public final long traceHi() {
    return traceHi;
  }

  /** Lower half of the trace id. */
  public final long traceLo() {
    return traceLo;
  }

  /** The span's id. */
  public final long id() {
    return id;
  }

  /** The parent's id, 0 for a root. */
  public final long parentId() {
    return parentId;
  }

  /** Whether the parent is in another process. */
  public final boolean hasRemoteParent() {
    return (flags & REMOTE_PARENT) != 0;
  }

  /** Whether a caller asked for this trace to be recorded in any case. */
  final boolean debug() {
    return (flags & DEBUG) != 0;
  }

  /** W3C trace flags. */
  public final int traceFlags() {
    return flags & (SAMPLED | RANDOM_ID);
  }

  /** Start by {@link System#nanoTime()}. */
  public final long startNanos() {
    return start;
  }

  /** End by {@link System#nanoTime()}. */
  public final long endNanos() {
    return end;
  }

  /** The tracestate that goes downstream. */
  public final @Nullable String traceState() {
    return carried == null ? null : carried.traceState;
  }

  /**
   * The tracestate that is exported: a trace that is not sampled left for another reason than its
   * share, so that it must not stand for others.
   */
  public final @Nullable String recordedTraceState() {
    String state = traceState();
    return state == null || kept() == null ? state : TraceState.withThreshold(state, null);
  }

  /** The baggage that goes downstream. */
  public final @Nullable String baggage() {
    return carried == null ? null : carried.baggage;
  }

  /** The exception that the call ended with. */
  public final @Nullable Throwable thrown() {
    return error;
  }

  /** Attributes that the limit kept out. */
  public final int droppedAttributes() {
    return recorded == null ? 0 : recorded.dropped();
  }

  /**
   * Hands every attribute to {@code out}: first, so that no limit takes it away, what is counted as
   * said or says how to read the span.
   */
  public final void attributes(Out out) {
    Cost cost = end == 0 ? null : cost();
    Links.Sampled samples = cost == null ? null : Links.attribute(this, cost, out);
    if (kept() != null) {
      out.attribute(Names.SONDE_KEPT_FOR, "exemplar");
    }
    fields(out);
    if (recorded != null) {
      recorded.attributes(out);
    }
    if (cost != null) {
      Costs.attributes(cost, samples, out);
    }
  }

  /** What it took, counted where it leaves the agent while a profiler runs. */
  final @Nullable Cost cost() {
    return recorded == null ? null : recorded.cost;
  }

  /**
   * The memory that it takes until it has left, about. What spans of a trace share counts for each;
   * texts that all spans share are left out.
   */
  public int weight() {
    return OWN_WEIGHT
        + length(traceState())
        + length(baggage())
        + (recorded == null ? 0 : recorded.weight())
        + (error == null ? 0 : ERROR_WEIGHT);
  }

  static int length(@Nullable String text) {
    return text == null ? 0 : text.length();
  }

  /** A port, as small as it is; what is none becomes a bound. */
  static char small(int value) {
    return (char) Math.max(0, Math.min(value, Character.MAX_VALUE));
  }

  /** The ids as text, made once a span. */
  public final LogIds logIds() {
    LogIds ids = logIds;
    return ids != null ? ids : (logIds = new LogIds(this));
  }

  /** Takes attributes one by one. */
  public interface Out {
    /** One attribute: a String, Long, Double, Boolean or String[]. */
    void attribute(String key, Object value);

    /** One attribute whose value is a whole number. */
    void attribute(String key, long value);
  }
}
