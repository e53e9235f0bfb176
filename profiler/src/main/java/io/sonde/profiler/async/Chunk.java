package io.sonde.profiler.async;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A finished part of a recording: a header, events of types that it describes, and pools of what
 * events refer to.
 */
final class Chunk {
  private static final int MAGIC = 0x464C5200; // FLR

  /** How many bytes of a chunk say how long it is. */
  static final int HEADER = 68;

  private static final int METADATA = 0;
  private static final int POOLS = 1;

  private final byte[] bytes;
  private final Map<Long, Type> types = new HashMap<>();
  private final Map<String, Map<Long, Integer>> pools = new HashMap<>();

  private Chunk(byte[] bytes) {
    this.bytes = bytes;
  }

  /** Takes events one by one. */
  interface Events {
    /** One event; the values are valid during the call. */
    void event(Type type, long[] values);
  }

  /** How long the chunk is that begins with that header, 0 where it is not finished. */
  static long length(byte[] header) {
    if (header.length < HEADER) {
      return 0;
    }
    Cursor in = new Cursor(header, 0);
    if (in.fixed() >>> 32 != MAGIC) {
      throw new IllegalArgumentException("not a recording");
    }
    long length = in.fixed();
    return in.fixed() == 0 ? 0 : length;
  }

  static Chunk of(byte[] bytes) {
    Chunk chunk = new Chunk(bytes);
    Cursor in = new Cursor(bytes, 16);
    int pools = (int) in.fixed();
    int metadata = (int) in.fixed();
    chunk.metadata(metadata);
    chunk.pools(pools);
    return chunk;
  }

  void read(Events to) {
    long[] values = new long[32];
    int at = HEADER;
    while (at < bytes.length) {
      Cursor in = new Cursor(bytes, at);
      int size = in.count();
      long id = in.number();
      Type type = id == METADATA || id == POOLS ? null : types.get(id);
      if (type != null && type.size() <= values.length) {
        type.read(in, values);
        to.event(type, values);
      }
      if (size <= 0) {
        throw new IllegalArgumentException("not a recording: an event of no size");
      }
      at += size;
    }
  }

  /** An entry of a pool, or null. */
  @Nullable Cursor entry(String pool, long id) {
    Map<Long, Integer> entries = pools.get(pool);
    Integer at = entries == null ? null : entries.get(id);
    return at == null ? null : new Cursor(bytes, at);
  }

  /** From that place on, which {@link Type#read} found. */
  Cursor at(long place) {
    return new Cursor(bytes, (int) place);
  }

  /** The type of that name, or null. */
  @Nullable Type type(String name) {
    for (Type type : types.values()) {
      if (type.name.equals(name)) {
        return type;
      }
    }
    return null;
  }

  private void pools(int start) {
    int at = start;
    for (; ; ) {
      Cursor in = new Cursor(bytes, at);
      in.count();
      in.number(); // its kind
      in.number(); // time
      in.number(); // duration
      long earlier = in.number();
      in.one(); // flags
      for (int left = in.count(); left > 0; left--) {
        pool(in);
      }
      if (earlier >= 0 || at + earlier < HEADER) {
        return;
      }
      at += (int) earlier;
    }
  }

  private void pool(Cursor in) {
    Type type = types.get(in.number());
    if (type == null) {
      throw new IllegalArgumentException("not a recording: a pool of nothing");
    }
    Map<Long, Integer> entries = pools.computeIfAbsent(type.name, none -> new HashMap<>());
    for (int left = in.count(); left > 0; left--) {
      entries.put(in.number(), in.at);
      type.value(in);
    }
  }

  private void metadata(int start) {
    Cursor in = new Cursor(bytes, start);
    in.count();
    in.number(); // its kind
    in.number(); // time
    in.number(); // duration
    in.number(); // id
    String[] strings = new String[in.count()];
    for (int i = 0; i < strings.length; i++) {
      strings[i] = in.text();
    }
    List<Element> classes = new ArrayList<>();
    element(in, strings).collect("class", classes);
    for (Element element : classes) {
      types.put(element.id("id"), new Type(element.text("name")));
    }
    for (Element element : classes) {
      Type type = types.get(element.id("id"));
      for (Element field : element.children) {
        Type of = types.get(field.id("class"));
        if (type != null && of != null && field.name.equals("field")) {
          type.add(
              field.text("name"),
              of,
              field.text("constantPool").equals("true"),
              !field.text("dimension").isEmpty());
        }
      }
    }
  }

  private static Element element(Cursor in, String[] strings) {
    Element element = new Element(strings[in.count()]);
    for (int left = in.count(); left > 0; left--) {
      element.attributes.put(strings[in.count()], strings[in.count()]);
    }
    for (int left = in.count(); left > 0; left--) {
      element.children.add(element(in, strings));
    }
    return element;
  }

  /** A node of the description, which looks like XML. */
  private static final class Element {
    final String name;
    final Map<String, String> attributes = new HashMap<>();
    final List<Element> children = new ArrayList<>();

    Element(String name) {
      this.name = name;
    }

    String text(String attribute) {
      return attributes.getOrDefault(attribute, "");
    }

    long id(String attribute) {
      String text = text(attribute);
      return text.isEmpty() ? -1 : Long.parseLong(text);
    }

    void collect(String wanted, List<Element> into) {
      if (name.equals(wanted)) {
        into.add(this);
      }
      for (Element child : children) {
        child.collect(wanted, into);
      }
    }
  }
}
