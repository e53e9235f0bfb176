package io.sonde.instrumentation.logback;

import ch.qos.logback.classic.spi.LoggingEvent;
import io.sonde.core.Attached;
import io.sonde.core.LogIds;
import io.sonde.core.Span;
import io.sonde.core.Weave;
import java.util.Map;
import net.bytebuddy.asm.Advice;
import org.jspecify.annotations.Nullable;

/** Trace ids in the MDC of each event of Logback 1.2 to 1.6. */
public final class LogbackEvents {
  /** A {@link Span} from when the event was made, then the {@link EventMdc} that was made of it. */
  static final Attached<Object> EVENTS = new Attached<>();

  private LogbackEvents() {}

  /** Remembers the span that an event of Logback 1.2 to 1.6 is made under. */
  @Weave(
      type = "ch.qos.logback.classic.spi.LoggingEvent",
      method =
          "<init>(java.lang.String,ch.qos.logback.classic.Logger,ch.qos.logback.classic.Level,"
              + "java.lang.String,java.lang.Throwable,java.lang.Object[])",
      state = true)
  public static final class Made {
    private Made() {}

    @Advice.OnMethodExit(inline = false, suppress = Throwable.class)
    public static void exit(@Advice.This LoggingEvent event) {
      Span span = Span.current();
      if (span != null) {
        EVENTS.set(event, span);
      }
    }
  }

  /** Adds the ids to the MDC that an event of Logback 1.2 to 1.6 shows. */
  @Weave(type = "ch.qos.logback.classic.spi.LoggingEvent", method = "getMDCPropertyMap()")
  public static final class Read {
    private Read() {}

    @Advice.OnMethodExit(inline = false, suppress = Throwable.class)
    @Advice.AssignReturned.ToReturned
    public static @Nullable Map<String, String> exit(
        @Advice.This LoggingEvent event, @Advice.Return @Nullable Map<String, String> own) {
      Object attached = EVENTS.get(event);
      if (attached == null || own == null) {
        return own;
      }
      if (attached instanceof EventMdc && ((EventMdc) attached).isOver(own)) {
        return (EventMdc) attached;
      }
      LogIds ids =
          attached instanceof EventMdc ? ((EventMdc) attached).ids() : ((Span) attached).logIds();
      EventMdc mdc = new EventMdc(own, ids);
      EVENTS.set(event, mdc);
      return mdc;
    }
  }
}
