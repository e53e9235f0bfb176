package io.sonde.profiler.chunk;

import io.sonde.profiler.pprof.ClassName;
import io.sonde.profiler.pprof.FrameKind;
import io.sonde.profiler.pprof.Profile;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the pools of a chunk say of stacks and threads; of stacks what is asked for. */
public final class ChunkStacks {
  private static final String STACK = "jdk.types.StackTrace";
  private static final String FRAME = "jdk.types.StackFrame";
  private static final String METHOD = "jdk.types.Method";
  private static final String CLASS = "java.lang.Class";
  private static final String SYMBOL = "jdk.types.Symbol";
  private static final String FRAME_TYPE = "jdk.types.FrameType";

  /** Those that are looked into. */
  static final Set<String> POOLS =
      new HashSet<>(
          Arrays.asList(
              STACK, METHOD, CLASS, SYMBOL, ChunkThreads.THREAD, ChunkThreads.GROUP, FRAME_TYPE));

  private static final String NONE = "[no stack]";
  private static final String CONSTRUCTOR = "<init>";

  /** async-profiler's word for it. */
  private static final String LOST = "storage_overflow";

  private final Chunk chunk;

  /** Which threads are meant. */
  public final ChunkThreads threads;

  private final Entry stack;
  private final Entry frame;
  private final Entry method;
  private final Entry type;
  private final Type symbol;
  private final Type frameType;
  private final LongInts methodNumbers = new LongInts();
  private final List<Method> methods = new ArrayList<>();
  private final Map<Long, Boolean> natives = new HashMap<>();
  private final int[] frames = new int[1024];
  private long lost = -1; // the stack that stands for those that found no room

  /**
   * Of that chunk.
   *
   * @param before the threads of the chunk before, of the same JVM
   */
  public ChunkStacks(Chunk chunk, @Nullable ChunkThreads before) {
    this.chunk = chunk;
    threads = new ChunkThreads(chunk, before);
    stack = new Entry(chunk, STACK, "frames", "truncated");
    frame = new Entry(chunk, FRAME, "method", "lineNumber", "type");
    method = new Entry(chunk, METHOD, "type", "name", "descriptor");
    type = new Entry(chunk, CLASS, "name");
    symbol = Entry.type(chunk, SYMBOL);
    frameType = Entry.type(chunk, FRAME_TYPE);
  }

  /** A method's names. */
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

  /** How many bytes of the chunk are held. */
  public int size() {
    return chunk.size();
  }

  /** The class's name as the JVM has it, empty where it is not known. */
  public String className(long id) {
    Cursor in = chunk.entry(type.type, id);
    if (in == null) {
      return "";
    }
    type.read(in);
    return symbol(type.value(0));
  }

  /** Whether there is such a stack. */
  public boolean hasStack(long id) {
    return chunk.entry(stack.type, id) != null;
  }

  /** The stack as one of that profile, with a class as its leaf unless that is empty. */
  public int stack(Profile profile, long id, String leaf) {
    return stack(profile, id, leaf, false);
  }

  /**
   * The stack of an object that is being made, with its class as the leaf in the place of the
   * constructors.
   */
  public int stackOfMade(Profile profile, long id, String made) {
    return stack(profile, id, made, true);
  }

  private int stack(Profile profile, long id, String leaf, boolean made) {
    Cursor in = chunk.entry(stack.type, id);
    if (in == null) {
      return alone(profile, NONE);
    }
    stack.read(in);
    boolean truncated = stack.value(1) != 0;
    int skipped = made ? constructors(stack.value(0), leaf) : 0;
    Cursor all = chunk.at(stack.value(0));
    int depth = all.count();
    int used = 0;
    if (!leaf.isEmpty()) {
      frames[used++] = profile.frame(ClassName.readable(leaf), "", null, null, 0, FrameKind.CLASS);
    }
    int at = 0;
    for (; at < depth && used < frames.length; at++) {
      frame.read(all);
      if (at < skipped) {
        continue;
      }
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
    return used == 0 ? alone(profile, NONE) : profile.stack(frames, used, truncated || at < depth);
  }

  /** How many frames are those of an object that is being made: its own and its super classes'. */
  private int constructors(long place, String made) {
    Cursor all = chunk.at(place);
    int own = 0;
    int depth = all.count();
    for (int i = 0; i < depth; i++) {
      frame.read(all);
      Method of = method(frame.value(0));
      if (!of.name.equals(CONSTRUCTOR)) {
        break;
      }
      if (of.type.equals(made)) {
        own = i + 1;
      }
    }
    return own;
  }

  /** Whether the stack's first frame is a constructor of that class. */
  public boolean isConstructor(long id, String className) {
    Cursor in = chunk.entry(stack.type, id);
    if (in == null) {
      return false;
    }
    stack.read(in);
    Cursor all = chunk.at(stack.value(0));
    if (all.count() == 0) {
      return false;
    }
    frame.read(all);
    Method of = method(frame.value(0));
    return of.name.equals(CONSTRUCTOR) && of.type.equals(className);
  }

  /**
   * Whether that stack is what samples have whose own one found no room; it was asked for before.
   */
  public boolean isLost(long id) {
    return id == lost;
  }

  /** A stack of one frame that is no method. */
  public static int alone(Profile profile, String name) {
    int[] frames = {profile.frame("", name, null, null, 0, FrameKind.NATIVE)};
    return profile.stack(frames, 1, false);
  }

  private Method method(long id) {
    int known = methodNumbers.get(id);
    if (known >= 0) {
      return methods.get(known);
    }
    Method found = read(id);
    methodNumbers.put(id, methods.size());
    methods.add(found);
    return found;
  }

  private Method read(long id) {
    Cursor in = chunk.entry(method.type, id);
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
      Cursor in = chunk.entry(frameType, id);
      String name = in == null ? "" : in.text();
      known = name.equals("Native") || name.equals("C++") || name.equals("Kernel");
      natives.put(id, known);
    }
    return known;
  }

  private String symbol(long id) {
    Cursor in = chunk.entry(symbol, id);
    return in == null ? "" : in.text();
  }
}
