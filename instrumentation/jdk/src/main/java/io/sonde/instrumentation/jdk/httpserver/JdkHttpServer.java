package io.sonde.instrumentation.jdk.httpserver;

import com.sun.net.httpserver.HttpExchange;
import io.sonde.core.ServerSpan;
import io.sonde.core.Weave;
import net.bytebuddy.asm.Advice;
import org.jspecify.annotations.Nullable;

/** Server spans for com.sun.net.httpserver of JDK 8 to 28. */
public final class JdkHttpServer {
  private static final String EXCHANGE = "sun.net.httpserver.ExchangeImpl";

  private JdkHttpServer() {}

  /** An exchange is made for the handlers, which this thread calls with it next. */
  @Weave(
      type = {"sun.net.httpserver.HttpExchangeImpl", "sun.net.httpserver.HttpsExchangeImpl"},
      method = "<init>(sun.net.httpserver.ExchangeImpl)")
  public static final class Create {
    private Create() {}

    @Advice.OnMethodExit(inline = false, suppress = Throwable.class)
    public static void exit(@Advice.This Object exchange, @Advice.Argument(0) Object internal) {
      Rejected.made(exchange, internal);
    }
  }

  /** The first filter and all behind it; chains within it find the exchange taken. */
  @Weave(
      type = "com.sun.net.httpserver.Filter$Chain",
      method = "doFilter(com.sun.net.httpserver.HttpExchange)")
  public static final class Handle {
    private Handle() {}

    @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
    public static @Nullable ServerSpan enter(@Advice.Argument(0) HttpExchange exchange) {
      return Rejected.handOver(exchange);
    }

    @Advice.OnMethodExit(inline = false, onThrowable = Throwable.class, suppress = Throwable.class)
    public static void exit(
        @Advice.Enter @Nullable ServerSpan span, @Advice.Thrown @Nullable Throwable thrown) {
      if (span != null) {
        Call.handled(span, thrown);
      }
    }
  }

  /** The response begins. */
  @Weave(type = EXCHANGE, method = "sendResponseHeaders(int,long)", state = true)
  public static final class Respond {
    private Respond() {}

    @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
    public static void enter(@Advice.This Object internal, @Advice.Argument(0) int status) {
      ServerSpan span = Call.CALLS.get(internal);
      if (span != null) {
        Call.status(span, status);
      }
    }
  }

  /** The exchange is closed, whether or not there was a whole response. */
  @Weave(type = EXCHANGE, method = "close()", state = true)
  public static final class Close {
    private Close() {}

    @Advice.OnMethodExit(inline = false, onThrowable = Throwable.class, suppress = Throwable.class)
    public static void exit(@Advice.This Object internal) {
      written(internal);
    }
  }

  /** The response is complete. */
  @Weave(
      type = {"sun.net.httpserver.WriteFinishedEvent", "sun.net.httpserver.Event$WriteFinished"},
      method = "<init>(sun.net.httpserver.ExchangeImpl)")
  public static final class Written {
    private Written() {}

    @Advice.OnMethodExit(inline = false, suppress = Throwable.class)
    public static void exit(@Advice.Argument(0) Object internal) {
      written(internal);
    }
  }

  /** The response is complete, from JDK 27. */
  @Weave(type = EXCHANGE, method = "postExchangeFinished(boolean)", state = true, optional = true)
  public static final class Finished {
    private Finished() {}

    @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
    public static void enter(@Advice.This Object internal) {
      written(internal);
    }
  }

  private static void written(Object internal) {
    ServerSpan span = Call.CALLS.remove(internal);
    if (span != null) {
      Call.written(span);
    }
  }
}
