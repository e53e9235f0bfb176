package io.sonde.profiler.jfr;

import io.sonde.profiler.chunk.ChunkStacks;
import io.sonde.profiler.chunk.LongInts;
import io.sonde.profiler.pprof.Profile;
import io.sonde.profiler.pprof.ProfileType;
import java.util.HashMap;
import java.util.Map;

/** A profile and the stacks of one recording that it holds, found again by their numbers. */
final class FoldedStacks {
  private final LongInts known = new LongInts();
  private final Map<Long, LongInts> below = new HashMap<>();
  private final Profile profile;
  private ChunkStacks names;

  FoldedStacks(ProfileType type, ChunkStacks names) {
    profile = new Profile(type);
    this.names = names;
  }

  Profile profile() {
    return profile;
  }

  /** Numbers are those of that chunk from now on. */
  void chunk(ChunkStacks of) {
    names = of;
    known.clear();
    below.clear();
  }

  int of(long trace) {
    int stack = known.get(trace);
    if (stack < 0) {
      stack = names.stack(profile, trace, "");
      known.put(trace, stack);
    }
    return stack;
  }

  /** The same with the class of what was made in the place of its constructors. */
  int of(long trace, long type) {
    LongInts under = below.computeIfAbsent(type, none -> new LongInts());
    int stack = under.get(trace);
    if (stack < 0) {
      stack = names.stackOfMade(profile, trace, names.className(type));
      under.put(trace, stack);
    }
    return stack;
  }

  /** A stack of another chunk. */
  int of(long trace, ChunkStacks other) {
    return other.stack(profile, trace, "");
  }

  /** A stack of one frame that is no method. */
  int alone(String name) {
    return ChunkStacks.alone(profile, name);
  }
}
