package io.sonde.profiler.jfr;

import io.sonde.core.Links;
import io.sonde.core.Timeline;
import io.sonde.profiler.Governor;
import io.sonde.profiler.Join;
import io.sonde.profiler.Plan;
import io.sonde.profiler.Unseen;
import io.sonde.profiler.chunk.Chunks;
import io.sonde.profiler.pprof.Profile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Reads the recording of one window into profiles, each sample with its weight and its span. */
final class WindowReader {
  /** After so many samples there may be something to collect. */
  private static final int KEEP_UP = 256;

  /** Below this share of the process, what no sample stands for is noise. */
  private static final int REST_PERCENT = 2;

  private final Governor governor;
  private final Join join;
  private final CpuTimes times;
  private final Duty duty;
  private final Turn waits;
  private final Turn exceptions;
  private final Chunks chunks = new Chunks();
  private final Profiles profiles = new Profiles();
  private final EventReader events;
  private final boolean cpu;
  private final long most;
  private final long longWait;
  private final Distances distances = new Distances();
  private final Unseen unseen = new Unseen();

  /** How fast the recording's ticks went last, 0 where it was not measured. */
  private double pace;

  /** Where the last chunk began, in ticks. */
  private long last = Long.MIN_VALUE;

  // of the window that was read
  private long dropped;
  private long tlabEvents;
  private long period;

  WindowReader(
      Governor governor,
      Join join,
      CpuTimes times,
      Duty duty,
      Turn waits,
      Turn exceptions,
      Plan plan) {
    this.governor = governor;
    this.join = join;
    this.times = times;
    this.duty = duty;
    this.waits = waits;
    this.exceptions = exceptions;
    cpu = plan.cpu;
    most = plan.diskBytes;
    longWait = EventSettings.longWait(plan);
    events = new EventReader(governor, plan, join, profiles, times.ofRunning);
  }

  /** Allocation events that the window that was read had asked for, before any weighing. */
  long tlabEvents() {
    return tlabEvents;
  }

  /** Exceptions of that window. */
  long exceptions() {
    return events.exceptions;
  }

  /** Samples of CPU time that the JVM owed that window. */
  long cpuLost() {
    return events.cpuLost;
  }

  /** Samples of that window that found no room. */
  long dropped() {
    return dropped;
  }

  /** Keeps the file of a window that was read, for as long as it is needed. */
  StacksBefore stacksBefore() {
    return events.before;
  }

  /** How far apart samples were. */
  Distances distances() {
    return distances;
  }

  /** The profiles that have samples. */
  List<Profile> read(Path file, long period, long windowNanos, long processCpu) throws IOException {
    this.period = period;
    tlabEvents = 0;
    events.begin();
    try {
      return readAll(file, windowNanos, processCpu);
    } finally {
      dropped = events.samples.dropped;
      events.forget();
      profiles.clear();
    }
  }

  private List<Profile> readAll(Path file, long windowNanos, long processCpu) throws IOException {
    Clock clock = Clock.of(file, pace);
    chunks.read(
        file.toFile(),
        most,
        chunk -> {
          if (chunk.startTicks() > last) { // a clock that was set back lets an old one stay
            last = chunk.startTicks();
            events.read(chunk, clock);
          }
        });
    events.before.forget();
    if (clock.isSet()) {
      pace = clock.pace();
      weigh(clock, windowNanos, processCpu);
    }
    times.endWindow();
    return profiles.all(period);
  }

  private void weigh(Clock clock, long windowNanos, long processCpu) {
    Timeline.started(events.starts, clock.last());
    Timeline.collect(join);
    Samples samples = events.samples;
    boolean tlab = duty.mode() != AllocationMode.SAMPLED;
    double factor = duty.factor(windowNanos, eventBytes(clock, tlab));
    CpuWeights weights = cpuWeights();
    long cpu = 0;
    distances.clear();
    for (int i = 0; i < samples.count; i++) {
      if (i % KEEP_UP == 0) {
        join.keepUp();
      }
      int kind = samples.kind[i];
      long first = samples.first[i];
      long second = samples.second[i];
      long nanos = clock.nanos(samples.ticks[i]);
      if (kind == Profiles.CPU) {
        first = first > 0 ? first : weights.weight(samples.thread[i]);
        cpu += first;
        distances.addCpu(first);
      } else if (Profiles.isAllocation(kind)) {
        if (!counts(kind, nanos, tlab)) {
          continue;
        }
        tlabEvents += kind == Profiles.SAMPLED ? 0 : 1;
        first = Math.max(1, Math.round(first * factor));
        second = Math.round(second * factor);
        distances.addBytes(second);
      } else {
        Turn turn = kind == Profiles.EXCEPTION ? exceptions : waits;
        // Long waits are recorded at any time. All are where they end, wherever they began.
        if (second < longWait) {
          if (!turn.covers(nanos + second)) {
            continue;
          }
          first = turn.weight(windowNanos);
          second *= first;
        }
      }
      boolean inSpan = join.find(samples.thread[i], nanos);
      if (kind == Profiles.BLOCK && !inSpan) { // a thread that waits for work
        governor.inVain(Governor.Kind.WAITS, profiles.of(kind).profile().depth(samples.stack[i]));
        continue;
      }
      add(kind, samples.stack[i], samples.label[i], first, second);
    }
    rest(cpu, processCpu);
  }

  /** Whether the event is one that this window samples by: others may have asked for the rest. */
  private boolean counts(int kind, long nanos, boolean tlab) {
    return kind == Profiles.SAMPLED ? !tlab : tlab && duty.covers(nanos);
  }

  private double eventBytes(Clock clock, boolean tlab) {
    Samples samples = events.samples;
    double sum = 0;
    for (int i = 0; i < samples.count; i++) {
      if (Profiles.isAllocation(samples.kind[i])
          && counts(samples.kind[i], clock.nanos(samples.ticks[i]), tlab)) {
        sum += samples.second[i];
      }
    }
    return sum;
  }

  private CpuWeights cpuWeights() {
    Samples samples = events.samples;
    CpuWeights weights = new CpuWeights(times, period, events.carriers);
    for (int i = 0; i < samples.count; i++) {
      if (samples.kind[i] == Profiles.CPU && samples.first[i] == 0) {
        weights.count(samples.thread[i]);
      }
    }
    weights.settle();
    return weights;
  }

  private void add(int kind, int stack, int label, long first, long second) {
    if (first <= 0 && second <= 0) {
      return;
    }
    boolean inSpan =
        profiles
            .of(kind)
            .profile()
            .add(
                stack,
                join.span(),
                join.traceHi(),
                join.traceLo(),
                events.classes.with(join.endpoint(), label),
                first,
                second);
    boolean allocation = Profiles.isAllocation(kind);
    Links.sampled(join.span(), kind == Profiles.CPU ? first : 0, allocation ? second : 0, inSpan);
  }

  /** What the process took and no thread of Java: collecting garbage and compiling, mostly. */
  private void rest(long sampled, long processCpu) {
    if (!cpu) {
      return;
    }
    long nanos = unseen.after(processCpu, sampled, period, processCpu * REST_PERCENT / 100);
    if (nanos == 0) {
      return;
    }
    FoldedStacks stacks = profiles.of(Profiles.CPU);
    stacks
        .profile()
        .add(stacks.alone("[JVM: GC, JIT and what is not sampled]"), 0, 0, 0, null, nanos, 0);
  }
}
