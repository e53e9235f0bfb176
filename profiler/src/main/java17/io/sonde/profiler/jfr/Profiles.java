package io.sonde.profiler.jfr;

import io.sonde.profiler.chunk.ChunkStacks;
import io.sonde.profiler.pprof.Profile;
import io.sonde.profiler.pprof.ProfileType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The profiles of one window, by the kind of their samples, with the stacks that they hold. */
final class Profiles {
  static final int CPU = 0;
  static final int NEW_TLAB = 1;
  static final int OUTSIDE_TLAB = 2;

  /** Goes into the same series, which dashboards know and which must not end when modes change. */
  static final int SAMPLED = -1;

  static final int MUTEX = 3;

  /** Parks, for which a thread without a span has mostly nothing to do. */
  static final int BLOCK = 4;

  /** Those that wait for a lock, which go into the same series. */
  static final int LOCKED = -2;

  static final int EXCEPTION = 5;

  private static final ProfileType[] TYPES = {
    ProfileType.CPU,
    ProfileType.ALLOC_IN_NEW_TLAB,
    ProfileType.ALLOC_OUTSIDE_TLAB,
    ProfileType.MUTEX,
    ProfileType.BLOCK,
    ProfileType.EXCEPTION
  };

  private final @Nullable FoldedStacks[] folded = new FoldedStacks[TYPES.length];
  private @Nullable ChunkStacks names;

  static boolean isAllocation(int kind) {
    return kind == NEW_TLAB || kind == OUTSIDE_TLAB || kind == SAMPLED;
  }

  /** What is asked for from now on is of that chunk. */
  void chunk(ChunkStacks of) {
    names = of;
    for (FoldedStacks stacks : folded) {
      if (stacks != null) {
        stacks.chunk(of);
      }
    }
  }

  FoldedStacks of(int kind) {
    int index = kind == SAMPLED ? NEW_TLAB : kind == LOCKED ? BLOCK : kind;
    FoldedStacks stacks = folded[index];
    if (stacks == null) {
      if (names == null) {
        throw new IllegalStateException("no chunk");
      }
      stacks = new FoldedStacks(TYPES[index], names);
      folded[index] = stacks;
    }
    return stacks;
  }

  /** Those that have samples. */
  List<Profile> all(long period) {
    List<Profile> all = new ArrayList<>();
    for (FoldedStacks stacks : folded) {
      if (stacks != null && !stacks.profile().isEmpty()) {
        if (stacks.profile().type() == ProfileType.CPU) {
          stacks.profile().period(period);
        }
        all.add(stacks.profile());
      }
    }
    return all;
  }

  /** Forgets what was parsed, and the profiles. */
  void clear() {
    Arrays.fill(folded, null);
    names = null;
  }
}
