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
  static final String GROUP = "jdk.types.ThreadGroup";

  /** The JVM's name for the group of those that run virtual threads. */
  private static final String CARRIERS = "CarrierThreads";

  private final LongInts places = new LongInts();
  private final long[] found;
  private final boolean[] carriers;
  private @Nullable ChunkThreads before;

  /** Of that chunk, and where it knows no such thread, of the one before. */
  public ChunkThreads(Chunk chunk, @Nullable ChunkThreads before) {
    this.before = before;
    if (before != null) {
      before.before = null;
    }
    boolean grouped = Entry.type(chunk, THREAD).index("group") >= 0; // not by async-profiler
    Entry thread = new Entry(chunk, THREAD, "javaThreadId", grouped ? "group" : "javaThreadId");
    long group = grouped ? carriers(chunk) : -1;
    long[] ids = chunk.ids(thread.type);
    found = new long[ids.length];
    carriers = new boolean[ids.length];
    for (int i = 0; i < ids.length; i++) {
      Cursor in = chunk.entry(thread.type, ids[i]);
      if (in != null) {
        thread.read(in);
        found[i] = thread.value(0);
        carriers[i] = grouped && thread.value(1) == group;
        places.put(ids[i], i);
      }
    }
  }

  /** The group of those that run virtual threads, -1 where there are none. */
  private static long carriers(Chunk chunk) {
    Entry group = new Entry(chunk, GROUP, "name");
    for (long id : chunk.ids(group.type)) {
      Cursor in = chunk.entry(group.type, id);
      if (in != null) {
        group.read(in);
        if (CARRIERS.equals(chunk.at(group.value(0)).text())) {
          return id;
        }
      }
    }
    return -1;
  }

  /** Whether it runs virtual threads. */
  public boolean isCarrier(long id) {
    int place = places.get(id);
    return place >= 0 ? carriers[place] : before != null && before.isCarrier(id);
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
