package io.sonde.profiler.pprof;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The frames of one window, each once, as pprof's functions and locations.
 *
 * <p>Layout: a frame's index is its location's id less one. What was asked for stands in {@link
 * #keys} to be found again; what it is called in the profile is made once, when the frame is new.
 */
final class Frames {
  /** Some 3 MB of profile; a server takes 4. */
  static final int MAX = 32_768;

  /** Of FNV-1a. */
  private static final long PRIME = 0x100000001B3L;

  /** Of an address, which is as long as one of a process. */
  private static final int UNUSED_BITS = 16;

  /** The texts of a function. */
  static final int NAME = 0;

  static final int SYSTEM_NAME = 1;
  static final int FILE = 2;

  private final Strings strings;
  private Key[] keys = new Key[256];
  private int[] function = new int[256];
  private int[] table = new int[512];
  private int count;

  // name, system name, file: three numbers a function
  private int[] functions = new int[256 * 3];
  private int[] functionTable = new int[512];
  private int functionCount;
  boolean hasNative;

  Frames(Strings strings) {
    this.strings = strings;
  }

  /** What identifies a frame. */
  private static final class Key {
    final String className;
    final String method;
    final @Nullable String descriptor;
    final int line;
    final FrameKind kind;
    final int hash;

    Key(String className, String method, @Nullable String descriptor, int line, FrameKind kind) {
      this.className = className;
      this.method = method;
      this.descriptor = descriptor;
      this.line = line;
      this.kind = kind;
      hash = hash(className, method, line);
    }

    static int hash(String className, String method, int line) {
      return Strings.spread((className.hashCode() * 31 + method.hashCode()) * 31 + line);
    }

    boolean is(String ofClass, String name, @Nullable String ofType, int atLine, FrameKind ofKind) {
      return line == atLine
          && kind == ofKind
          && method.equals(name)
          && className.equals(ofClass)
          && Objects.equals(descriptor, ofType);
    }
  }

  /** The frame's index, or -1 where there is no room for another one. */
  int of(
      String className,
      String method,
      @Nullable String descriptor,
      @Nullable String file,
      int line,
      FrameKind kind) {
    int mask = table.length - 1;
    int at = Key.hash(className, method, line) & mask;
    for (int entry = table[at]; entry != 0; entry = table[at]) {
      if (keys[entry - 1].is(className, method, descriptor, line, kind)) {
        return entry - 1;
      }
      at = at + 1 & mask;
    }
    Key key = new Key(className, method, descriptor, line, kind);
    return count >= MAX ? -1 : add(key, function(key, file));
  }

  /** The index of that frame of another profile here, or -1 where there is no room for it. */
  int of(Frames other, int frame) {
    Key key = other.keys[frame];
    int known = find(key);
    if (known >= 0 || count >= MAX) {
      return known;
    }
    int from = other.function[frame] * 3;
    int function =
        function(
            strings.of(other.strings.text(other.functions[from])),
            strings.of(other.strings.text(other.functions[from + 1])),
            strings.of(other.strings.text(other.functions[from + 2])));
    return add(key, function);
  }

  private int find(Key key) {
    int mask = table.length - 1;
    int at = key.hash & mask;
    for (int entry = table[at]; entry != 0; entry = table[at]) {
      Key is = keys[entry - 1];
      if (is.is(key.className, key.method, key.descriptor, key.line, key.kind)) {
        return entry - 1;
      }
      at = at + 1 & mask;
    }
    return -1;
  }

  private int add(Key key, int ofFunction) {
    if (count == keys.length) {
      grow();
    }
    int mask = table.length - 1;
    int at = key.hash & mask;
    while (table[at] != 0) {
      at = at + 1 & mask;
    }
    keys[count] = key;
    function[count] = ofFunction;
    hasNative |= key.kind == FrameKind.NATIVE;
    table[at] = ++count;
    return count - 1;
  }

  private int function(Key key, @Nullable String file) {
    String type = FrameName.type(key.className);
    if (key.kind == FrameKind.CLASS) {
      return function(strings.of(type), strings.of(key.className), 0);
    }
    String name = FrameName.method(type, key.method);
    String source = "";
    if (file != null && !file.isEmpty()) {
      source = FrameName.file(type, file);
    } else if (!type.isEmpty()) {
      source = FrameName.file(type);
    }
    int system = strings.of(key.descriptor == null ? name : name + key.descriptor);
    return function(strings.of(name), system, strings.of(source));
  }

  private int function(int name, int system, int file) {
    int mask = functionTable.length - 1;
    int at = Strings.spread((name * 31 + system) * 31 + file) & mask;
    for (int entry = functionTable[at]; entry != 0; entry = functionTable[at]) {
      int from = (entry - 1) * 3;
      if (functions[from] == name && functions[from + 1] == system && functions[from + 2] == file) {
        return entry - 1;
      }
      at = at + 1 & mask;
    }
    int from = functionCount * 3;
    if (from == functions.length) {
      growFunctions();
      return function(name, system, file);
    }
    functions[from] = name;
    functions[from + 1] = system;
    functions[from + 2] = file;
    functionTable[at] = ++functionCount;
    return functionCount - 1;
  }

  private void grow() {
    keys = Arrays.copyOf(keys, keys.length * 2);
    function = Arrays.copyOf(function, keys.length);
    table = new int[keys.length * 2];
    int mask = table.length - 1;
    for (int i = 0; i < count; i++) {
      int at = keys[i].hash & mask;
      while (table[at] != 0) {
        at = at + 1 & mask;
      }
      table[at] = i + 1;
    }
  }

  private void growFunctions() {
    functions = Arrays.copyOf(functions, functions.length * 2);
    functionTable = new int[functionTable.length * 2];
    int mask = functionTable.length - 1;
    for (int i = 0; i < functionCount; i++) {
      int from = i * 3;
      int hash = (functions[from] * 31 + functions[from + 1]) * 31 + functions[from + 2];
      int at = Strings.spread(hash) & mask;
      while (functionTable[at] != 0) {
        at = at + 1 & mask;
      }
      functionTable[at] = i + 1;
    }
  }

  int count() {
    return count;
  }

  int line(int frame) {
    return Math.max(0, keys[frame].line);
  }

  FrameKind kind(int frame) {
    return keys[frame].kind;
  }

  /** The number of a text of the frame's function. */
  int functionText(int frame, int which) {
    return functions[function[frame] * 3 + which];
  }

  /** Made of what the frame is called: the same in each profile, and in fact never 0. */
  private long address(int frame) {
    long hash = line(frame) * 2L + (kind(frame) == FrameKind.NATIVE ? 1 : 0);
    for (int which = NAME; which <= FILE; which++) {
      String text = strings.text(functionText(frame, which));
      hash = (hash ^ text.length()) * PRIME;
      for (int i = 0; i < text.length(); i++) {
        hash = (hash ^ text.charAt(i)) * PRIME;
      }
    }
    return (hash ^ hash >>> 32) * PRIME >>> UNUSED_BITS;
  }

  /**
   * Writes pprof's locations and functions.
   *
   * @param addresses whether locations have one
   */
  void write(Bytes out, Bytes scratch, Bytes inner, boolean addresses) {
    for (int i = 0; i < count; i++) {
      inner.clear();
      inner.number(1, function[i] + 1L);
      inner.number(2, Math.max(0, keys[i].line));
      scratch.clear();
      scratch.number(1, i + 1L);
      scratch.number(2, keys[i].kind == FrameKind.NATIVE ? 2 : 1);
      scratch.number(3, addresses ? address(i) : 0);
      scratch.bytes(4, inner);
      out.bytes(4, scratch);
    }
    for (int i = 0; i < functionCount; i++) {
      scratch.clear();
      scratch.number(1, i + 1L);
      scratch.number(2, functions[i * 3]);
      scratch.number(3, functions[i * 3 + 1]);
      scratch.number(4, functions[i * 3 + 2]);
      out.bytes(5, scratch);
    }
  }
}
