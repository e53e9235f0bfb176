package io.sonde.instrumentation.jdk.urlconnection;

import io.sonde.core.Weave;
import java.net.HttpURLConnection;
import net.bytebuddy.asm.Advice;
import org.jspecify.annotations.Nullable;

/**
 * Client spans for HttpURLConnection of JDK 8 to 28: from the first thing that connects to the
 * response's headers. TLS connections delegate to the same class.
 */
public final class UrlConnection {
  private static final String PLAIN = "sun.net.www.protocol.http.HttpURLConnection";

  private UrlConnection() {}

  /** Connects without a request yet. */
  @Weave(
      type = {PLAIN, "sun.net.www.protocol.https.AbstractDelegateHttpsURLConnection"},
      method = "connect()",
      state = true)
  public static final class Connect {
    private Connect() {}

    @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
    public static @Nullable Request enter(@Advice.This HttpURLConnection connection) {
      return Request.enter(connection, connection.getDoOutput());
    }

    @Advice.OnMethodExit(inline = false, onThrowable = Throwable.class, suppress = Throwable.class)
    public static void exit(
        @Advice.Enter @Nullable Request request, @Advice.Thrown @Nullable Throwable thrown) {
      if (request != null) {
        request.exit(thrown);
      }
    }
  }

  /** Begins to send a body; the headers go before it where it is streamed. */
  @Weave(type = PLAIN, method = "getOutputStream()", state = true)
  public static final class Send {
    private Send() {}

    @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
    public static @Nullable Request enter(@Advice.This HttpURLConnection connection) {
      return Request.enter(connection, connection.getDoOutput());
    }

    @Advice.OnMethodExit(inline = false, onThrowable = Throwable.class, suppress = Throwable.class)
    public static void exit(
        @Advice.Enter @Nullable Request request, @Advice.Thrown @Nullable Throwable thrown) {
      if (request != null) {
        request.exit(thrown);
      }
    }
  }

  /** Waits for the response; everything that asks for a header or the status comes here. */
  @Weave(type = PLAIN, method = "getInputStream()", state = true)
  public static final class Receive {
    private Receive() {}

    @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
    public static @Nullable Request enter(@Advice.This HttpURLConnection connection) {
      return Request.enter(connection, false);
    }

    @Advice.OnMethodExit(inline = false, onThrowable = Throwable.class, suppress = Throwable.class)
    public static void exit(
        @Advice.This HttpURLConnection connection,
        @Advice.Enter @Nullable Request request,
        @Advice.Thrown @Nullable Throwable thrown) {
      if (request != null) {
        request.responded(connection, thrown);
      }
    }
  }
}
