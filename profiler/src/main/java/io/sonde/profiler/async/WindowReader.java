package io.sonde.profiler.async;

import io.sonde.core.Links;
import io.sonde.profiler.AllocatedClass;
import io.sonde.profiler.ClassLabels;
import io.sonde.profiler.Governor;
import io.sonde.profiler.Join;
import io.sonde.profiler.chunk.Chunk;
import io.sonde.profiler.chunk.ChunkStacks;
import io.sonde.profiler.chunk.Chunks;
import io.sonde.profiler.chunk.Type;
import io.sonde.profiler.pprof.FrameKind;
import io.sonde.profiler.pprof.Profile;
import io.sonde.profiler.pprof.ProfileType;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes profiles of the chunks of one window, each sample with its span. A tick is a nanosecond of
 * {@link System#nanoTime()}, since async-profiler is told to use that clock.
 */
final class WindowReader {
  /** After so many events there may be something to collect. */
  private static final int KEEP_UP = 256;

  private final Join join;
  private final Periods periods;
  private final Governor governor;
  private final boolean poisson;
  private final Map<ProfileType, Profile> profiles = new EnumMap<>(ProfileType.class);
  private long allocations;
  private long lost;
  private long cpu;
  private int events;
  private int most;
  private boolean tooLarge;
  private @Nullable ByteArrayOutputStream kept;
  private AllocatedClass classes = AllocatedClass.OFF;
  private final ClassLabels labels = new ClassLabels();
  private final Chunks chunks = new Chunks();

  // of the chunk that is being read
  private final Map<ProfileType, Map<Object, Integer>> stacks = new EnumMap<>(ProfileType.class);
  private @Nullable Type type;
  private int[] indexes = new int[0];

  /**
   * @param poisson whether each byte allocated had the same chance to be a sample: 11 and newer
   */
  WindowReader(Join join, Periods periods, Governor governor, boolean poisson) {
    this.join = join;
    this.periods = periods;
    this.governor = governor;
    this.poisson = poisson;
  }

  /** How far apart samples are, as they were asked for. */
  interface Periods {
    /** Nanoseconds of CPU time. */
    long cpu();

    /** Nanoseconds of time. */
    long wall();

    /** Bytes. */
    long allocation();

    /** Nanoseconds that all threads waited. */
    long lock();
  }

  /** Says of allocations what was allocated. */
  void classes(AllocatedClass how) {
    classes = how;
  }

  /** Keeps what is read, until it is taken, but never more than so many bytes. */
  void keep(int bytes) {
    most = bytes;
  }

  /**
   * The chunks that were read since the last time, one behind the other; null where they became too
   * large.
   */
  byte @Nullable [] takeKept() {
    ByteArrayOutputStream chunks = kept;
    boolean large = tooLarge;
    kept = null; // a large one is not held until the next window
    tooLarge = false;
    return large ? null : chunks == null ? new byte[0] : chunks.toByteArray();
  }

  void read(byte[] chunk) {
    if (most > 0) {
      keep(chunk);
    }
    read(chunks.of(chunk));
  }

  private void keep(byte[] chunk) {
    ByteArrayOutputStream chunks = kept;
    if (tooLarge || chunk.length > most - (chunks == null ? 0 : chunks.size())) {
      kept = null;
      tooLarge = true;
      return;
    }
    if (chunks == null) {
      kept = chunks = new ByteArrayOutputStream(chunk.length);
    }
    chunks.write(chunk, 0, chunk.length);
  }

  private void read(Chunk chunk) {
    ChunkStacks names = new ChunkStacks(chunk, null);
    stacks.clear();
    type = null;
    chunk.read(
        (type, values) -> {
          if (++events % KEEP_UP == 0) {
            join.keepUp();
          }
          event(names, type, values);
        });
  }

  /** What was read since the last time. */
  List<Profile> take() {
    List<Profile> all = new ArrayList<>();
    for (Profile profile : profiles.values()) {
      if (!profile.isEmpty()) {
        all.add(profile);
      }
    }
    profiles.clear();
    allocations = 0;
    lost = 0;
    cpu = 0;
    return all;
  }

  /** The CPU time that the samples stand for which {@link #take} will take. */
  long cpu() {
    return cpu;
  }

  /** CPU time that no sample stands for. */
  void rest(long nanos) {
    Profile profile = profile(ProfileType.CPU);
    int[] frame = {profile.frame("", "[between two samples]", null, null, 0, FrameKind.NATIVE)};
    profile.add(profile.stack(frame, 1, false), 0, 0, 0, null, nanos, 0);
  }

  /** Allocation events that {@link #take} will take. */
  long allocations() {
    return allocations;
  }

  /** Samples that {@link #take} will take whose stacks found no room. */
  long lost() {
    return lost;
  }

  private void event(ChunkStacks names, Type type, long[] values) {
    switch (type.name()) {
      case "jdk.ExecutionSample":
        fields(type, "sampledThread");
        cpu += periods.cpu();
        add(ProfileType.CPU, names, values, periods.cpu(), 0);
        break;
      case "profiler.WallClockSample":
        fields(type, "sampledThread", "samples");
        add(ProfileType.WALL, names, values, value(values, 3) * periods.wall(), 0);
        break;
      case "jdk.ObjectAllocationInNewTLAB":
        allocationFields(type, "allocationSize", "tlabSize");
        allocation(ProfileType.ALLOC_IN_NEW_TLAB, names, values, value(values, 4));
        break;
      case "jdk.ObjectAllocationOutsideTLAB":
        allocationFields(type, "allocationSize");
        allocation(ProfileType.ALLOC_OUTSIDE_TLAB, names, values, value(values, 3));
        break;
      case "jdk.JavaMonitorEnter":
        fields(type, "eventThread", "duration");
        wait(ProfileType.MUTEX, names, values);
        break;
      case "jdk.ThreadPark":
        fields(type, "eventThread", "duration");
        wait(ProfileType.BLOCK, names, values);
        break;
      default:
        break;
    }
  }

  /** With the class as the last, where it is wanted. */
  private void allocationFields(Type of, String... sizes) {
    if (classes == AllocatedClass.OFF) {
      fields(of, "eventThread", sizes);
    } else if (of != type) {
      String[] all = Arrays.copyOf(sizes, sizes.length + 1);
      all[sizes.length] = "objectClass";
      fields(of, "eventThread", all);
    }
  }

  private String allocatedClass(ChunkStacks names, long[] values) {
    return classes == AllocatedClass.OFF
        ? ""
        : names.className(values[indexes[indexes.length - 1]]);
  }

  /** Where the time, the stack, the thread and the others stand. */
  private void fields(Type of, String thread, String... others) {
    if (of == type) {
      return;
    }
    type = of;
    indexes = new int[others.length + 3];
    indexes[0] = of.index("startTime");
    indexes[1] = of.index("stackTrace");
    indexes[2] = of.index(thread);
    for (int i = 0; i < others.length; i++) {
      indexes[i + 3] = of.index(others[i]);
    }
    for (int index : indexes) {
      if (index < 0) {
        throw new IllegalArgumentException("not a recording of ours: a field of " + of.name());
      }
    }
  }

  private long value(long[] values, int field) {
    return values[indexes[field]];
  }

  /** Before 11 an event is recorded each time that the sum of what was allocated grew so much. */
  private void allocation(ProfileType to, ChunkStacks names, long[] values, long allocated) {
    allocations++;
    long size = Math.max(1, value(values, 3));
    double objects = (double) Math.max(allocated, periods.allocation()) / size;
    if (poisson) {
      objects = 1 / -Math.expm1(-(double) size / periods.allocation());
    }
    String made = allocatedClass(names, values);
    add(to, names, values, made, Math.max(1, Math.round(objects)), Math.round(objects * size));
  }

  /** A wait that is shorter than the period was recorded with a chance of so much less. */
  private void wait(ProfileType to, ChunkStacks names, long[] values) {
    long nanos = Math.max(1, value(values, 3));
    long weight = Math.max(nanos, periods.lock());
    add(to, names, values, Math.max(1, weight / nanos), weight);
  }

  private void add(ProfileType to, ChunkStacks names, long[] values, long first, long second) {
    add(to, names, values, "", first, second);
  }

  private void add(
      ProfileType to, ChunkStacks names, long[] values, String made, long first, long second) {
    Profile profile = profile(to);
    long trace = value(values, 1);
    String leaf = classes == AllocatedClass.FRAME ? made : "";
    Object key = leaf.isEmpty() ? (Object) trace : Arrays.asList(trace, leaf);
    Map<Object, Integer> known = stacks.computeIfAbsent(to, none -> new HashMap<>());
    Integer stack = known.get(key);
    if (stack == null) {
      stack = names.stack(profile, trace, leaf);
      known.put(key, stack);
    }
    governor.count(kind(to), profile.depth(stack));
    lost += names.isLost(trace) ? 1 : 0;
    join.find(names.threads.javaId(value(values, 2)), value(values, 0));
    int label = classes == AllocatedClass.LABEL && !made.isEmpty() ? labels.number(made) : 0;
    boolean inSpan =
        profile.add(
            stack,
            join.span(),
            join.traceHi(),
            join.traceLo(),
            labels.with(join.endpoint(), label),
            first,
            second);
    boolean allocation =
        to == ProfileType.ALLOC_IN_NEW_TLAB || to == ProfileType.ALLOC_OUTSIDE_TLAB;
    Links.sampled(join.span(), to == ProfileType.CPU ? first : 0, allocation ? second : 0, inSpan);
  }

  private Profile profile(ProfileType type) {
    Profile profile = profiles.get(type);
    if (profile == null) {
      profile = new Profile(type);
      period(profile);
      profiles.put(type, profile);
    }
    return profile;
  }

  private static Governor.Kind kind(ProfileType type) {
    switch (type) {
      case CPU:
        return Governor.Kind.CPU;
      case WALL:
        return Governor.Kind.WALL;
      case MUTEX:
      case BLOCK:
        return Governor.Kind.WAITS;
      default:
        return Governor.Kind.ALLOCATIONS;
    }
  }

  private void period(Profile profile) {
    if (profile.type() == ProfileType.CPU) {
      profile.period(periods.cpu());
    } else if (profile.type() == ProfileType.WALL) {
      profile.period(periods.wall());
    }
  }
}
