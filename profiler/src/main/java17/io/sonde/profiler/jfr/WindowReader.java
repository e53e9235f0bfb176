package io.sonde.profiler.jfr;

import io.sonde.core.Links;
import io.sonde.profiler.AllocatedClass;
import io.sonde.profiler.ClassLabels;
import io.sonde.profiler.Governor;
import io.sonde.profiler.Join;
import io.sonde.profiler.Pinning;
import io.sonde.profiler.pprof.Profile;
import io.sonde.profiler.pprof.ProfileType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import jdk.jfr.consumer.RecordedClass;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedMethod;
import jdk.jfr.consumer.RecordedStackTrace;
import jdk.jfr.consumer.RecordedThread;
import jdk.jfr.consumer.RecordingFile;
import org.jspecify.annotations.Nullable;

/** Reads the recording of one window into profiles, each sample with its span. */
final class WindowReader {
  private static final ProfileType[] TYPES = {
    ProfileType.CPU,
    ProfileType.ALLOC_IN_NEW_TLAB,
    ProfileType.ALLOC_OUTSIDE_TLAB,
    ProfileType.MUTEX,
    ProfileType.BLOCK,
    ProfileType.EXCEPTION
  };
  private static final int CPU = 0;
  private static final int NEW_TLAB = 1;
  private static final int OUTSIDE_TLAB = 2;

  /** Goes into the same series, which dashboards know and which must not end when modes change. */
  private static final int SAMPLED = -1;

  private static final int MUTEX = 3;
  private static final int BLOCK = 4;
  private static final int EXCEPTION = 5;

  /** After so many events there may be something to collect. */
  private static final int KEEP_UP = 256;

  /** Below this share of the process, what no sample stands for is noise. */
  private static final int REST_PERCENT = 2;

  private final Governor governor;
  private final AllocatedClass allocatedClass;
  private final Join join;
  private final CpuTimes times;
  private final Duty duty;

  /** Where the last window ended, in ticks. */
  private long before = Long.MIN_VALUE;

  // of the window that is being read
  private Samples samples = new Samples();
  private final @Nullable FoldedStacks[] folded = new FoldedStacks[TYPES.length];
  private long end = Long.MAX_VALUE;
  private long tlabEvents;
  private long exceptions;
  private long dropped;
  private final ClassLabels classes = new ClassLabels();
  private final Distances distances = new Distances();
  private long period;

  WindowReader(
      Governor governor, Join join, CpuTimes times, Duty duty, AllocatedClass allocatedClass) {
    this.allocatedClass = allocatedClass;
    this.governor = governor;
    this.join = join;
    this.times = times;
    this.duty = duty;
  }

  /** Allocation events of the window that was read, before any weighing. */
  long tlabEvents() {
    return tlabEvents;
  }

  /** Exceptions of that window. */
  long exceptions() {
    return exceptions;
  }

  /** Samples of that window that found no room. */
  long dropped() {
    return dropped;
  }

  /** How far apart samples were. */
  Distances distances() {
    return distances;
  }

  /** The profiles that have samples. */
  List<Profile> read(Path file, Recordings recordings, long windowNanos, long processCpu)
      throws IOException {
    tlabEvents = 0;
    exceptions = 0;
    period = recordings.cpuPeriod();
    try {
      return readAll(file, recordings.window(), windowNanos, processCpu);
    } finally {
      forget();
    }
  }

  private List<Profile> readAll(Path file, long window, long windowNanos, long processCpu)
      throws IOException {
    Clock clock = new Clock(file);
    try (RecordingFile recording = new RecordingFile(file)) {
      for (int read = 0; recording.hasMoreEvents(); read++) {
        if (read % KEEP_UP == 0) {
          join.keepUp();
        }
        RecordedEvent event = recording.readEvent();
        String name = event.getEventType().getName();
        if (name.equals(Tick.NAME)) {
          tick(event, clock, window);
        } else {
          sample(event, name);
        }
      }
    }
    if (clock.isSet()) {
      weigh(clock, windowNanos, processCpu);
    }
    before = end == Long.MAX_VALUE ? before : end;
    times.endWindow();
    return profiles();
  }

  /** Samples and what was parsed of their stacks are not kept until the next window. */
  private void forget() {
    dropped = samples.dropped;
    samples = new Samples();
    Arrays.fill(folded, null);
    end = Long.MAX_VALUE;
  }

  private void tick(RecordedEvent event, Clock clock, long window) {
    long start = event.getLong("startTime");
    clock.tick(start, event.getLong("duration"), event.getLong("nano"));
    if (event.getLong("window") == window) {
      end = start;
    }
  }

  private void sample(RecordedEvent event, String name) {
    switch (name) {
      case Recordings.CPU_TIME ->
          add(CPU, event, event.getThread(), event.getDuration("samplingPeriod").toNanos(), 0);
      case Recordings.EXECUTION -> add(CPU, event, event.getThread("sampledThread"), 0, 0);
      case Recordings.NEW_TLAB -> {
        long size = event.getLong("tlabSize");
        long objects = size / Math.max(1, event.getLong("allocationSize"));
        add(NEW_TLAB, event, event.getThread(), Math.max(1, objects), size);
      }
      case Recordings.OUTSIDE_TLAB ->
          add(OUTSIDE_TLAB, event, event.getThread(), 1, event.getLong("allocationSize"));
      case Recordings.ALLOCATION ->
          add(SAMPLED, event, event.getThread(), 1, event.getLong("weight"));
      case Recordings.MONITOR ->
          add(MUTEX, event, event.getThread(), 1, event.getDuration().toNanos());
      case Recordings.PARK ->
          add(BLOCK, event, event.getThread(), 1, event.getDuration().toNanos());
      case Recordings.EXCEPTION -> {
        if (!isSecondOfError(event.getStackTrace())) {
          add(EXCEPTION, event, event.getThread(), 1, 0);
        }
      }
      case Recordings.PINNED -> Pinning.add(event.getDuration().toNanos());
      default -> {}
    }
  }

  /** An error is recorded by the constructor of Throwable, and once more by that of Error. */
  private static boolean isSecondOfError(@Nullable RecordedStackTrace trace) {
    if (trace == null || trace.getFrames().isEmpty()) {
      return false;
    }
    RecordedMethod top = trace.getFrames().get(0).getMethod();
    return top != null
        && top.getName().equals("<init>")
        && top.getType().getName().equals("java.lang.Error");
  }

  private void add(
      int kind, RecordedEvent event, @Nullable RecordedThread thread, long first, long second) {
    long start = event.getLong("startTime");
    boolean lasting = kind == MUTEX || kind == BLOCK;
    long done = lasting ? start + event.getLong("duration") : start;
    if (done <= before || done > end) {
      return; // another window's
    }
    if (kind == EXCEPTION) {
      exceptions++;
    } else {
      governor.count(
          lasting
              ? Governor.Kind.WAITS
              : kind == CPU ? Governor.Kind.CPU : Governor.Kind.ALLOCATIONS,
          1);
    }
    if (kind == NEW_TLAB || kind == OUTSIDE_TLAB) {
      tlabEvents++;
    }
    long id = thread == null ? 0 : thread.getJavaThreadId();
    samples.add(kind, id, start, stack(kind, event), label(kind, event), first, second);
  }

  private int stack(int kind, RecordedEvent event) {
    RecordedStackTrace trace = event.getStackTrace();
    FoldedStacks stacks = stacks(kind);
    if (kind == EXCEPTION) {
      return stacks.of(trace, event.getClass("thrownClass"));
    }
    return isAllocation(kind) && allocatedClass == AllocatedClass.FRAME
        ? stacks.of(trace, event.getClass("objectClass"))
        : stacks.of(trace);
  }

  private int label(int kind, RecordedEvent event) {
    if (!isAllocation(kind) || allocatedClass != AllocatedClass.LABEL) {
      return 0;
    }
    RecordedClass type = event.getClass("objectClass");
    return classes.number(type == null ? null : type.getName());
  }

  private void weigh(Clock clock, long windowNanos, long processCpu) {
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
      if (kind == CPU) {
        first = first > 0 ? first : weights.weight(samples.thread[i]);
        cpu += first;
        distances.addCpu(first);
      } else if (isAllocation(kind)) {
        if (!counts(kind, nanos, tlab)) {
          continue;
        }
        first = Math.max(1, Math.round(first * factor));
        second = Math.round(second * factor);
        distances.addBytes(second);
      }
      boolean inSpan = join.find(samples.thread[i], nanos);
      if (kind == BLOCK && !inSpan) {
        continue; // a thread that waits for work
      }
      add(kind, samples.stack[i], samples.label[i], first, second);
    }
    rest(processCpu - cpu, processCpu);
  }

  private static boolean isAllocation(int kind) {
    return kind == NEW_TLAB || kind == OUTSIDE_TLAB || kind == SAMPLED;
  }

  /** Whether the event is one that this window samples by: others may have asked for the rest. */
  private boolean counts(int kind, long nanos, boolean tlab) {
    return kind == SAMPLED ? !tlab : tlab && duty.covers(nanos);
  }

  private double eventBytes(Clock clock, boolean tlab) {
    double sum = 0;
    for (int i = 0; i < samples.count; i++) {
      if (isAllocation(samples.kind[i])
          && counts(samples.kind[i], clock.nanos(samples.ticks[i]), tlab)) {
        sum += samples.second[i];
      }
    }
    return sum;
  }

  private FoldedStacks stacks(int kind) {
    int index = kind == SAMPLED ? NEW_TLAB : kind;
    FoldedStacks stacks = folded[index];
    if (stacks == null) {
      stacks = new FoldedStacks(TYPES[index]);
      folded[index] = stacks;
    }
    return stacks;
  }

  private CpuWeights cpuWeights() {
    CpuWeights weights = new CpuWeights(times, period);
    for (int i = 0; i < samples.count; i++) {
      if (samples.kind[i] == CPU && samples.first[i] == 0) {
        weights.count(samples.thread[i]);
      }
    }
    weights.settle();
    return weights;
  }

  private void add(int kind, int stack, int label, long first, long second) {
    if (first > 0 || second > 0) {
      Links.sampled(join.span(), kind == CPU ? first : 0, isAllocation(kind) ? second : 0);
      stacks(kind)
          .profile
          .add(
              stack,
              join.span(),
              join.traceHi(),
              join.traceLo(),
              classes.with(join.endpoint(), label),
              first,
              second);
    }
  }

  /** What the process took and no thread of Java: collecting garbage and compiling, mostly. */
  private void rest(long nanos, long processCpu) {
    if (nanos * 100 < processCpu * REST_PERCENT || nanos <= 0) {
      return;
    }
    FoldedStacks stacks = stacks(CPU);
    stacks.profile.add(
        stacks.alone("[JVM: GC, JIT and what is not sampled]"), 0, 0, 0, null, nanos, 0);
  }

  private List<Profile> profiles() {
    List<Profile> all = new ArrayList<>();
    for (FoldedStacks stacks : folded) {
      if (stacks != null && !stacks.profile.isEmpty()) {
        if (stacks.profile.type() == ProfileType.CPU) {
          stacks.profile.period(period);
        }
        all.add(stacks.profile);
      }
    }
    return all;
  }
}
