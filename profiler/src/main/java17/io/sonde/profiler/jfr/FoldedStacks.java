package io.sonde.profiler.jfr;

import io.sonde.profiler.pprof.ClassName;
import io.sonde.profiler.pprof.FrameKind;
import io.sonde.profiler.pprof.Profile;
import io.sonde.profiler.pprof.ProfileType;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import jdk.jfr.consumer.RecordedClass;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordedMethod;
import jdk.jfr.consumer.RecordedStackTrace;
import org.jspecify.annotations.Nullable;

/** A profile and the stacks of one recording that it holds, found again by identity. */
final class FoldedStacks {
  private final IdentityHashMap<RecordedStackTrace, Integer> known = new IdentityHashMap<>();
  private final Map<String, IdentityHashMap<RecordedStackTrace, Integer>> below = new HashMap<>();
  private int[] frames = new int[128];
  final Profile profile;

  FoldedStacks(ProfileType type) {
    profile = new Profile(type);
  }

  int of(@Nullable RecordedStackTrace trace) {
    if (trace == null) {
      return alone("[no stack]");
    }
    Integer stack = known.get(trace);
    if (stack == null) {
      stack = fold(trace, null, 0);
      known.put(trace, stack);
    }
    return stack;
  }

  /** The same with a class as the frame above the method that made it. */
  int of(@Nullable RecordedStackTrace trace, @Nullable RecordedClass made) {
    if (trace == null || made == null) {
      return of(trace);
    }
    String name = made.getName();
    IdentityHashMap<RecordedStackTrace, Integer> under =
        below.computeIfAbsent(name, none -> new IdentityHashMap<>());
    Integer stack = under.get(trace);
    if (stack == null) {
      stack = fold(trace, name, constructors(trace.getFrames(), name));
      under.put(trace, stack);
    }
    return stack;
  }

  /**
   * How many frames are those of an exception that is being made: its own and its super classes'.
   */
  private static int constructors(List<RecordedFrame> all, String made) {
    int own = 0;
    for (int i = 0; i < all.size(); i++) {
      RecordedMethod method = all.get(i).getMethod();
      if (method == null || !method.getName().equals("<init>")) {
        break;
      }
      if (method.getType().getName().equals(made)) {
        own = i + 1;
      }
    }
    return own;
  }

  /** A stack of one frame that is no method. */
  int alone(String name) {
    frames[0] = profile.frame("", name, null, null, 0, FrameKind.NATIVE);
    return profile.stack(frames, 1, false);
  }

  private int fold(RecordedStackTrace trace, @Nullable String leaf, int skipped) {
    List<RecordedFrame> all = trace.getFrames();
    int used = 0;
    if (leaf != null) {
      frames[used++] = profile.frame(ClassName.readable(leaf), "", null, null, 0, FrameKind.CLASS);
    }
    int at = skipped;
    for (; at < all.size() && used < frames.length; at++) {
      RecordedFrame frame = all.get(at);
      RecordedMethod method = frame.getMethod();
      if (method == null) {
        continue;
      }
      frames[used++] =
          profile.frame(
              method.getType().getName(),
              method.getName(),
              method.getDescriptor(),
              null,
              frame.getLineNumber(),
              "Native".equals(frame.getType()) ? FrameKind.NATIVE : FrameKind.JAVA);
    }
    return used == 0
        ? alone("[no stack]")
        : profile.stack(frames, used, trace.isTruncated() || at < all.size());
  }
}
