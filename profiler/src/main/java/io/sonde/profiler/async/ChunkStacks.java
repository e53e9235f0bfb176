package io.sonde.profiler.async;

import io.sonde.profiler.pprof.ClassName;
import io.sonde.profiler.pprof.FrameKind;
import io.sonde.profiler.pprof.Profile;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the pools of a chunk say of stacks and threads, read where it is asked for. */
final class ChunkStacks {
  private static final String STACK = "jdk.types.StackTrace";
  private static final String FRAME = "jdk.types.StackFrame";
  private static final String METHOD = "jdk.types.Method";
  private static final String CLASS = "java.lang.Class";
  private static final String SYMBOL = "jdk.types.Symbol";
  private static final String THREAD = "java.lang.Thread";
  private static final String NONE = "[no stack]";

  /** async-profiler's word for it. */
  private static final String LOST = "storage_overflow";

  private static final String FRAME_TYPE = "jdk.types.FrameType";

  private final Chunk chunk;
  private final Entry stack;
  private final Entry frame;
  private final Entry method;
  private final Entry type;
  private final Entry thread;
  private final Map<Long, Method> methods = new HashMap<>();
  private final Map<Long, Boolean> natives = new HashMap<>();
  private final Map<Long, Long> threads = new HashMap<>();
  private int[] frames = new int[256];
  private long lost = -1; // the stack that stands for those that found no room

  ChunkStacks(Chunk chunk) {
    this.chunk = chunk;
    stack = new Entry(chunk, STACK, "frames", "truncated");
    frame = new Entry(chunk, FRAME, "method", "lineNumber", "type");
    method = new Entry(chunk, METHOD, "type", "name", "descriptor");
    type = new Entry(chunk, CLASS, "name");
    thread = new Entry(chunk, THREAD, "javaThreadId");
  }

  /** Some fields of a type. */
  private static final class Entry {
    private final Type type;
    private final int[] indexes;
    private final long[] all;

    Entry(Chunk chunk, String name, String... fields) {
      Type known = chunk.type(name);
      if (known == null) {
        throw new IllegalArgumentException("not a recording of ours: no " + name);
      }
      type = known;
      all = new long[known.size()];
      indexes = new int[fields.length];
      for (int i = 0; i < fields.length; i++) {
        indexes[i] = known.index(fields[i]);
        if (indexes[i] < 0) {
          throw new IllegalArgumentException(
              "not a recording of ours: no " + fields[i] + " in " + name);
        }
      }
    }

    void read(Cursor in) {
      type.read(in, all);
    }

    long value(int field) {
      return all[indexes[field]];
    }
  }

  /** A method's names, and what it is in the profile that asked last. */
  private static final class Method {
    final String type;
    final String name;
    final @Nullable String descriptor;

    Method(String type, String name, @Nullable String descriptor) {
      this.type = type;
      this.name = name;
      this.descriptor = descriptor;
    }
  }

  /** The Java thread's id, 0 for a thread of the JVM's own. */
  long thread(long id) {
    Long known = threads.get(id);
    if (known != null) {
      return known;
    }
    long found = 0;
    Cursor in = chunk.entry(THREAD, id);
    if (in != null) {
      thread.read(in);
      found = thread.value(0);
    }
    threads.put(id, found);
    return found;
  }

  /** The class's name as the JVM has it, empty where it is not known. */
  String className(long id) {
    Cursor in = chunk.entry(CLASS, id);
    if (in == null) {
      return "";
    }
    type.read(in);
    return symbol(type.value(0));
  }

  /** The stack as one of that profile, with a class as its leaf unless that is empty. */
  int stack(Profile profile, long id, String leaf) {
    Cursor in = chunk.entry(STACK, id);
    if (in == null) {
      return alone(profile, NONE);
    }
    stack.read(in);
    Cursor all = chunk.at(stack.value(0));
    boolean truncated = stack.value(1) != 0;
    int depth = all.count();
    int used = 0;
    int more = 0;
    if (!leaf.isEmpty()) {
      frames[used++] = profile.frame(ClassName.readable(leaf), "", null, null, 0, FrameKind.CLASS);
      more = 1;
    }
    for (int i = 0; i < depth && used < frames.length; i++) {
      frame.read(all);
      Method of = method(frame.value(0));
      if (depth == 1 && of.name.equals(LOST)) {
        lost = id;
        return alone(profile, "[other]");
      }
      boolean isNative = isNative(frame.value(2));
      frames[used++] =
          profile.frame(
              of.type,
              of.name,
              of.descriptor,
              null,
              (int) frame.value(1),
              isNative ? FrameKind.NATIVE : FrameKind.JAVA);
    }
    return used == 0
        ? alone(profile, NONE)
        : profile.stack(frames, used, truncated || used < depth + more);
  }

  /**
   * Whether that stack is what samples have whose own one found no room; it was asked for before.
   */
  boolean isLost(long id) {
    return id == lost;
  }

  private static int alone(Profile profile, String name) {
    int[] frames = new int[1];
    frames[0] = profile.frame("", name, null, null, 0, FrameKind.NATIVE);
    return profile.stack(frames, 1, false);
  }

  private Method method(long id) {
    Method known = methods.get(id);
    if (known == null) {
      known = read(id);
      methods.put(id, known);
    }
    return known;
  }

  private Method read(long id) {
    Cursor in = chunk.entry(METHOD, id);
    if (in == null) {
      return new Method("", "[unknown]", null);
    }
    method.read(in);
    long typeId = method.value(0);
    String name = symbol(method.value(1));
    String descriptor = symbol(method.value(2));
    String typeName = className(typeId);
    return new Method(typeName, name, typeName.isEmpty() ? null : descriptor);
  }

  private boolean isNative(long id) {
    Boolean known = natives.get(id);
    if (known == null) {
      Cursor in = chunk.entry(FRAME_TYPE, id);
      String name = in == null ? "" : in.text();
      known = name.equals("Native") || name.equals("C++") || name.equals("Kernel");
      natives.put(id, known);
    }
    return known;
  }

  private String symbol(long id) {
    Cursor in = chunk.entry(SYMBOL, id);
    return in == null ? "" : in.text();
  }
}
