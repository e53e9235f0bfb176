package io.sonde.profiler.chunk;

import org.jspecify.annotations.Nullable;

/**
 * A finished part of a recording: a header, events of types that it describes, and pools of what
 * events refer to.
 */
public final class Chunk {
  private static final int MAGIC = 0x464C5200; // FLR

  /** How many bytes of a chunk say how long it is. */
  public static final int HEADER = 68;

  private static final int START = 48;
  private static final int METADATA = 0;
  private static final int POOLS = 1;
  private static final int MOST_VALUES = 32;

  private final byte[] bytes;
  private final Description description;
  private final @Nullable LongInts[] pools;

  private Chunk(byte[] bytes, Description description) {
    this.bytes = bytes;
    this.description = description;
    pools = new LongInts[description.size()];
  }

  /** Takes events one by one. */
  public interface Events {
    /** One event; the values are valid during the call. */
    void event(Type type, long[] values);

    /** Whether events of that type are to be read at all. */
    default boolean wants(Type type) {
      return true;
    }
  }

  /** How long the chunk is that begins with that header, 0 where it is not finished. */
  public static long length(byte[] header) {
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

  /**
   * The chunk that these bytes are.
   *
   * @param known what an earlier one had, and this one may have too
   */
  static Chunk of(byte[] bytes, @Nullable Description known) {
    Cursor in = new Cursor(bytes, 16);
    int pools = (int) in.fixed();
    int metadata = (int) in.fixed();
    Chunk chunk = new Chunk(bytes, Description.of(bytes, metadata, known));
    chunk.pools(pools);
    return chunk;
  }

  Description description() {
    return description;
  }

  /** In bytes. */
  int size() {
    return bytes.length;
  }

  /** When it began. */
  public long startTicks() {
    return new Cursor(bytes, START).fixed();
  }

  /** Hands over all events that are wanted, in the order they stand in. */
  public void read(Events to) {
    long[] values = new long[MOST_VALUES];
    Cursor in = new Cursor(bytes, HEADER);
    int at = HEADER;
    while (at < bytes.length) {
      in.at = at;
      int size = in.count();
      long id = in.number();
      Type type = id == METADATA || id == POOLS ? null : description.type(id);
      if (type != null && type.size() <= MOST_VALUES && to.wants(type)) {
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
  @Nullable Cursor entry(Type pool, long id) {
    LongInts entries = pools[pool.number];
    int at = entries == null ? -1 : entries.get(id);
    return at < 0 ? null : new Cursor(bytes, at);
  }

  /** The ids of all entries of a pool. */
  long[] ids(Type pool) {
    LongInts entries = pools[pool.number];
    return entries == null ? new long[0] : entries.keys();
  }

  /** From that place on, which {@link Type#read} found. */
  Cursor at(long place) {
    return new Cursor(bytes, (int) place);
  }

  /** The type of that name, or null. */
  @Nullable Type type(String name) {
    return description.type(name);
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
    Type type = description.type(in.number());
    if (type == null) {
      throw new IllegalArgumentException("not a recording: a pool of nothing");
    }
    LongInts entries = pools[type.number];
    if (entries == null && type.kept) {
      entries = new LongInts();
      pools[type.number] = entries;
    }
    for (int left = in.count(); left > 0; left--) {
      long id = in.number();
      if (entries != null) {
        entries.put(id, in.at);
      }
      type.value(in);
    }
  }
}
