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
    Entry thread = new Entry(chunk, THREAD, "javaThreadId");
    long[] ids = chunk.ids(thread.type);
    found = new long[ids.length];
    for (int i = 0; i < ids.length; i++) {
      Cursor in = chunk.entry(thread.type, ids[i]);
      if (in != null) {
        thread.read(in);
        found[i] = thread.value(0);
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
