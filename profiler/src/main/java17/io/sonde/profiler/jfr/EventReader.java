package io.sonde.profiler.jfr;

import io.sonde.core.ThreadStart;
import io.sonde.core.Timeline;
import io.sonde.profiler.AllocatedClass;
import io.sonde.profiler.ClassLabels;
import io.sonde.profiler.Governor;
import io.sonde.profiler.Join;
import io.sonde.profiler.Pinning;
import io.sonde.profiler.Plan;
import io.sonde.profiler.chunk.Chunk;
import io.sonde.profiler.chunk.ChunkStacks;
import io.sonde.profiler.chunk.ChunkThreads;
import io.sonde.profiler.chunk.Type;
import io.sonde.profiler.pprof.ClassName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the events of a window's chunks into samples that are not weighed yet. */
final class EventReader {
  /** After so many events there may be something to collect. */
  private static final int KEEP_UP = 256;

  /** Where more have started nobody can tell any more which is which. */
  private static final int STARTS = 100_000;

  private static final String ERROR = "java/lang/Error";

  /** Their inner classes are what a thread parks for; idle threads park for other things. */
  private static final List<String> LOCKS =
      List.of(
          "java/util/concurrent/locks/ReentrantLock$",
          "java/util/concurrent/locks/ReentrantReadWriteLock$",
          "java/util/concurrent/locks/StampedLock",
          "java/util/concurrent/Semaphore$");

  private final Governor governor;
  private final Plan plan;
  private final Join join;
  private final Profiles profiles;
  private final SampleFields.Kind cpuEvent;
  final ClassLabels classes = new ClassLabels();
  final StacksBefore before;
  private @Nullable ChunkThreads threads;

  // of the window that is being read
  private Set<Long> parents = Set.of();
  Samples samples = new Samples();

  /** Those that run virtual threads, as far as they have samples of CPU time of their own. */
  final Set<Long> carriers = new HashSet<>();

  /** Threads that have started, where it may matter. */
  final List<ThreadStart> starts = new ArrayList<>();

  long exceptions;

  /** Samples of CPU time that were due and that the JVM did not take. */
  long cpuLost;

  /**
   * @param running whether CPU time is known by samples of threads that run: the application's own
   *     recording may ask for the other ones too
   */
  EventReader(Governor governor, Plan plan, Join join, Profiles profiles, boolean running) {
    cpuEvent = running ? SampleFields.Kind.EXECUTION : SampleFields.Kind.CPU_TIME;
    this.governor = governor;
    this.plan = plan;
    this.join = join;
    this.profiles = profiles;
    before = new StacksBefore(plan.lockNanos > 0 ? plan.diskBytes / 8 : 0);
  }

  /** Another window is read from now on. */
  void begin() {
    parents = Timeline.parents();
    exceptions = 0;
    cpuLost = 0;
  }

  void read(Chunk chunk, Clock clock) {
    ChunkStacks names = new ChunkStacks(chunk, threads);
    threads = names.threads;
    before.next(names);
    profiles.chunk(names);
    clock.read(chunk);
    chunk.read(new Reading(names, clock));
  }

  /** Samples are not kept until the next window. */
  void forget() {
    samples = new Samples();
    carriers.clear();
    starts.clear();
  }

  /** One chunk that is being read. */
  private final class Reading implements Chunk.Events {
    private final ChunkStacks names;
    private final Clock clock;
    private final Map<Type, Optional<SampleFields>> fields = new HashMap<>();
    private final Map<Long, Boolean> locks = new HashMap<>();
    private int read;

    Reading(ChunkStacks names, Clock clock) {
      this.names = names;
      this.clock = clock;
    }

    @Override
    public boolean wants(Type type) {
      return fields
          .computeIfAbsent(type, of -> Optional.ofNullable(SampleFields.of(of)))
          .isPresent();
    }

    @Override
    public void event(Type type, long[] values) {
      if (read++ % KEEP_UP == 0) {
        join.keepUp();
      }
      SampleFields of = fields.getOrDefault(type, Optional.empty()).orElseThrow();
      switch (of.kind) {
        case CPU_TIME, EXECUTION -> {
          if (of.kind == cpuEvent) {
            add(Profiles.CPU, of, values, of.cpuNanos(values, clock), 0);
          }
        }
        case CPU_TIME_LOST -> {
          if (cpuEvent == SampleFields.Kind.CPU_TIME) {
            cpuLost += of.first(values);
          }
        }
        case NEW_TLAB -> {
          long size = of.second(values);
          long objects = Math.max(1, size / Math.max(1, of.first(values)));
          add(Profiles.NEW_TLAB, of, values, objects, size);
        }
        case OUTSIDE_TLAB -> add(Profiles.OUTSIDE_TLAB, of, values, 1, of.first(values));
        case ALLOCATION -> add(Profiles.SAMPLED, of, values, 1, of.first(values));
        case MONITOR -> add(Profiles.MUTEX, of, values, 1, clock.scaled(of.duration(values)));
        case PARK -> {
          int kind = isLock(of.type(values)) ? Profiles.LOCKED : Profiles.BLOCK;
          add(kind, of, values, 1, clock.scaled(of.duration(values)));
        }
        case EXCEPTION -> {
          // An error is recorded by the constructor of Throwable, and once more by that of Error.
          if (!names.isConstructor(of.stack(values), ERROR)) {
            add(Profiles.EXCEPTION, of, values, 1, 0);
          }
        }
        case THREAD_START -> {
          governor.started();
          long thread = names.threads.javaId(of.thread(values));
          long parent = names.threads.javaId(of.first(values));
          if (thread > 0 && parents.contains(parent) && clock.isSet() && starts.size() < STARTS) {
            boolean carrier = names.threads.isCarrier(of.thread(values));
            starts.add(new ThreadStart(thread, parent, clock.nanos(of.start(values)), carrier));
          }
        }
        case PINNED -> Pinning.add(clock.scaled(of.duration(values)));
      }
    }

    /** Whether threads that park for an object of that class wait for another thread to leave. */
    private boolean isLock(long type) {
      return locks.computeIfAbsent(
          type,
          id -> {
            String name = names.className(id);
            return LOCKS.stream().anyMatch(name::startsWith);
          });
    }

    private void add(int kind, SampleFields of, long[] values, long first, long second) {
      if (!isAskedFor(kind, second)) {
        return;
      }
      long thread = names.threads.javaId(of.thread(values));
      if (of.kind == SampleFields.Kind.EXECUTION && names.threads.isCarrier(of.thread(values))) {
        carriers.add(thread);
      }
      int stack = stack(kind, of, values);
      count(kind, profiles.of(kind).profile().depth(stack));
      samples.add(kind, thread, of.start(values), stack, label(kind, of, values), first, second);
    }

    private int stack(int kind, SampleFields of, long[] values) {
      FoldedStacks stacks = profiles.of(kind);
      if (kind == Profiles.MUTEX && !names.hasStack(of.stack(values))) {
        return begunBefore(stacks, of, values);
      }
      boolean made =
          kind == Profiles.EXCEPTION
              || Profiles.isAllocation(kind) && plan.allocatedClass == AllocatedClass.FRAME;
      return made ? stacks.of(of.stack(values), of.type(values)) : stacks.of(of.stack(values));
    }

    /** The stack was taken before this chunk began, or was not asked for: that has number 0. */
    private int begunBefore(FoldedStacks stacks, SampleFields of, long[] values) {
      long stack = of.stack(values);
      ChunkStacks earlier = stack == 0 ? null : before.get();
      if (earlier != null && earlier.hasStack(stack)) {
        return stacks.of(stack, earlier);
      }
      String monitor = ClassName.readable(names.className(of.type(values)));
      return stacks.alone("[wait for " + monitor + ", stack unknown]");
    }

    private int label(int kind, SampleFields of, long[] values) {
      if (!Profiles.isAllocation(kind) || plan.allocatedClass != AllocatedClass.LABEL) {
        return 0;
      }
      String type = names.className(of.type(values));
      return classes.number(type.isEmpty() ? null : type);
    }
  }

  /** The application's own recording may ask for more, which all recordings have then. */
  private boolean isAskedFor(int kind, long nanos) {
    return switch (governed(kind)) {
      case CPU -> plan.cpu;
      case WAITS -> plan.lockNanos > 0 && nanos >= plan.lockNanos;
      case EXCEPTIONS -> plan.exceptions;
      case ALLOCATIONS -> plan.allocations;
      default -> true;
    };
  }

  private void count(int kind, int frames) {
    governor.count(governed(kind), frames);
    if (kind == Profiles.EXCEPTION) {
      exceptions++;
    }
  }

  private static Governor.Kind governed(int kind) {
    return switch (kind) {
      case Profiles.CPU -> Governor.Kind.CPU;
      case Profiles.MUTEX, Profiles.BLOCK, Profiles.LOCKED -> Governor.Kind.WAITS;
      case Profiles.EXCEPTION -> Governor.Kind.EXCEPTIONS;
      default -> Governor.Kind.ALLOCATIONS;
    };
  }
}
