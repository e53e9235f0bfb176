package io.sonde.profiler.chunk;

import org.jspecify.annotations.Nullable;

/**
 * Which threads a chunk means by its ids.
 *
 * <p>Where a thread ends just as a chunk begins, Flight Recorder may write its last event into the
 * new chunk, which does not know the thread any more; the one before does.
 */
public final class ChunkThreads {
  static final String THREAD = "java.lang.Thread";

  private final LongInts places = new LongInts();
  private final long[] found;
  private @Nullable ChunkThreads before;

  /** Of that chunk, and where it knows no such thread, of the one before. */
  public ChunkThreads(Chunk chunk, @Nullable ChunkThreads before) {
    this.before = before;
    if (before != null) {
      before.before = null;
    }
    Type type = chunk.type(THREAD);
    int field = type == null ? -1 : type.index("javaThreadId");
    if (type == null || field < 0) {
      throw new IllegalArgumentException("not a recording of ours: no javaThreadId");
    }
    long[] ids = chunk.ids(type);
    long[] values = new long[type.size()];
    found = new long[ids.length];
    for (int i = 0; i < ids.length; i++) {
      Cursor in = chunk.entry(type, ids[i]);
      if (in != null) {
        type.read(in, values);
        found[i] = values[field];
        places.put(ids[i], i);
      }
    }
  }

  /** The Java thread's id, 0 for a thread of the JVM's own and one that nobody knows. */
  public long javaId(long id) {
    int place = places.get(id);
    if (place >= 0) {
      return found[place];
    }
    return before == null ? 0 : before.javaId(id);
  }
}
