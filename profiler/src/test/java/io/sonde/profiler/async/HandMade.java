package io.sonde.profiler.async;

import io.sonde.profiler.chunk.Chunk;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A chunk as async-profiler writes it, with events that a test chooses. */
final class HandMade {
  private static final int POOLED = 1;
  private static final int MANY = 2;

  private final List<String> strings = new ArrayList<>();
  private final Map<String, Integer> types = new LinkedHashMap<>();
  private final List<List<Object[]>> fields = new ArrayList<>();
  private final ByteArrayOutputStream events = new ByteArrayOutputStream();

  HandMade() {
    type("long");
    type("boolean");
    type("java.lang.String");
    type("jdk.types.Symbol", field("string", "java.lang.String", 0));
    type("java.lang.Class", field("name", "jdk.types.Symbol", POOLED));
    type(
        "jdk.types.Method",
        field("type", "java.lang.Class", POOLED),
        field("name", "jdk.types.Symbol", POOLED),
        field("descriptor", "jdk.types.Symbol", POOLED));
    type("jdk.types.FrameType", field("description", "java.lang.String", 0));
    type(
        "jdk.types.StackFrame",
        field("method", "jdk.types.Method", POOLED),
        field("lineNumber", "long", 0),
        field("type", "jdk.types.FrameType", POOLED));
    type(
        "jdk.types.StackTrace",
        field("truncated", "boolean", 0),
        field("frames", "jdk.types.StackFrame", MANY));
    type("java.lang.Thread", field("javaThreadId", "long", 0));
    event("jdk.ObjectAllocationInNewTLAB", "eventThread", "allocationSize", "tlabSize");
    event("jdk.ObjectAllocationOutsideTLAB", "eventThread", "allocationSize");
    event("jdk.ExecutionSample", "sampledThread");
  }

  /** An allocation that began a buffer of so many bytes. */
  HandMade inNewTlab(long size, long buffer) {
    return add("jdk.ObjectAllocationInNewTLAB", 1, 1, 1, size, buffer);
  }

  HandMade outsideTlab(long size) {
    return add("jdk.ObjectAllocationOutsideTLAB", 1, 1, 1, size);
  }

  HandMade executionSample() {
    return executionSample(1);
  }

  HandMade executionSample(long nanos) {
    return add("jdk.ExecutionSample", nanos, 1, 1);
  }

  /** An event that ends where its chunk does not. */
  HandMade broken() {
    number(events, 0);
    number(events, id("jdk.ExecutionSample"));
    events.writeBytes(new byte[3]);
    return this;
  }

  byte[] bytes() {
    ByteArrayOutputStream pools = new ByteArrayOutputStream();
    for (long value : new long[] {1, 0, 0, 0, 0, 0}) {
      number(pools, value);
    }
    byte[] metadata = sized(metadata());
    byte[] withPools = sized(pools.toByteArray());
    int length = Chunk.HEADER + metadata.length + events.size() + withPools.length;
    return ByteBuffer.allocate(length)
        .putInt(0x464C5200)
        .putInt(0x20000)
        .putLong(length)
        .putLong(length - withPools.length)
        .putLong(Chunk.HEADER)
        .position(Chunk.HEADER)
        .put(metadata)
        .put(events.toByteArray())
        .put(withPools)
        .array();
  }

  private HandMade add(String type, long... values) {
    ByteArrayOutputStream event = new ByteArrayOutputStream();
    number(event, id(type));
    for (long value : values) {
      number(event, value);
    }
    events.writeBytes(sized(event.toByteArray()));
    return this;
  }

  private static byte[] sized(byte[] content) {
    ByteArrayOutputStream event = new ByteArrayOutputStream();
    number(event, content.length + (content.length < 127 ? 1 : content.length < 16382 ? 2 : 3));
    event.writeBytes(content);
    return event.toByteArray();
  }

  private byte[] metadata() {
    ByteArrayOutputStream tree = new ByteArrayOutputStream();
    element(tree, "root", types.size());
    int at = 0;
    for (Map.Entry<String, Integer> type : types.entrySet()) {
      List<Object[]> of = fields.get(at++);
      element(tree, "class", of.size(), "id", type.getValue().toString(), "name", type.getKey());
      for (Object[] field : of) {
        boolean pooled = field[2].equals(POOLED);
        element(
            tree,
            "field",
            0,
            "name",
            (String) field[0],
            "class",
            String.valueOf(id((String) field[1])),
            pooled ? "constantPool" : "dimension",
            pooled ? "true" : field[2].equals(MANY) ? "1" : "");
      }
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (long value : new long[] {0, 0, 0, 0, strings.size()}) {
      number(out, value);
    }
    for (String string : strings) {
      byte[] text = string.getBytes(StandardCharsets.UTF_8);
      out.write(3);
      number(out, text.length);
      out.writeBytes(text);
    }
    out.writeBytes(tree.toByteArray());
    return out.toByteArray();
  }

  private void element(ByteArrayOutputStream to, String name, int children, String... attributes) {
    number(to, string(name));
    number(to, attributes.length / 2);
    for (String attribute : attributes) {
      number(to, string(attribute));
    }
    number(to, children);
  }

  private int string(String text) {
    int known = strings.indexOf(text);
    if (known < 0) {
      strings.add(text);
    }
    return known < 0 ? strings.size() - 1 : known;
  }

  private int id(String type) {
    return types.get(type);
  }

  private static Object[] field(String name, String type, int how) {
    return new Object[] {name, type, how};
  }

  private void type(String name, Object[]... of) {
    types.put(name, 10 + types.size());
    fields.add(List.of(of));
  }

  private void event(String name, String thread, String... others) {
    List<Object[]> of = new ArrayList<>();
    of.add(field("startTime", "long", 0));
    of.add(field(thread, "java.lang.Thread", POOLED));
    of.add(field("stackTrace", "jdk.types.StackTrace", POOLED));
    for (String other : others) {
      of.add(field(other, "long", 0));
    }
    type(name, of.toArray(new Object[0][]));
  }

  private static void number(ByteArrayOutputStream to, long value) {
    long left = value;
    while (left > 127) {
      to.write((int) (left & 127 | 128));
      left >>>= 7;
    }
    to.write((int) left);
  }
}
