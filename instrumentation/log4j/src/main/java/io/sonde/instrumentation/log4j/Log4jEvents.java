package io.sonde.instrumentation.log4j;

import io.sonde.core.LogIds;
import io.sonde.core.Weave;
import net.bytebuddy.asm.Advice;
import org.apache.logging.log4j.util.StringMap;
import org.jspecify.annotations.Nullable;

/** Trace ids in the context data of each event of Log4j 2.17 to 2.26. */
public final class Log4jEvents {
  private Log4jEvents() {}

  /** Puts the ids behind the thread context of an event of Log4j 2.17 to 2.26. */
  @Weave(
      type = {
        "org.apache.logging.log4j.core.impl.ThreadContextDataInjector$ForDefaultThreadContextMap",
        "org.apache.logging.log4j.core.impl.ThreadContextDataInjector$ForCopyOnWriteThreadContextMap"
      },
      method = "injectContextData(java.util.List,org.apache.logging.log4j.util.StringMap)")
  public static final class Shared {
    private Shared() {}

    @Advice.OnMethodExit(inline = false, suppress = Throwable.class)
    @Advice.AssignReturned.ToReturned
    public static @Nullable StringMap exit(@Advice.Return @Nullable StringMap own) {
      LogIds ids = LogIds.current();
      return ids == null || own == null ? own : new EventContextData(own, ids);
    }
  }

  /** Puts the ids into the map that Log4j 2.17 to 2.26 reuses where it makes no garbage. */
  @Weave(
      type =
          "org.apache.logging.log4j.core.impl.ThreadContextDataInjector$ForGarbageFreeThreadContextMap",
      method = "injectContextData(java.util.List,org.apache.logging.log4j.util.StringMap)")
  public static final class Reused {
    private Reused() {}

    @Advice.OnMethodExit(inline = false, suppress = Throwable.class)
    public static void exit(@Advice.Return @Nullable StringMap own) {
      LogIds ids = LogIds.current();
      if (ids == null || own == null || own.isFrozen()) {
        return;
      }
      for (int i = 0; i < LogIds.COUNT; i++) {
        if (!own.containsKey(LogIds.key(i))) {
          own.putValue(LogIds.key(i), ids.value(i));
        }
      }
    }
  }
}
