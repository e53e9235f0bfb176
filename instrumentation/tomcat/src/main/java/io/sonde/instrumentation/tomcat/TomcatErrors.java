package io.sonde.instrumentation.tomcat;

import io.sonde.core.ServerSpan;
import io.sonde.core.Weave;
import javax.servlet.ServletException;
import net.bytebuddy.asm.Advice;
import org.jspecify.annotations.Nullable;

/**
 * What servlets, filters and valves throw on Tomcat 8.5 to 11, before Tomcat makes an error page of
 * it.
 */
public final class TomcatErrors {
  private TomcatErrors() {}

  /** A synchronous request failed. */
  @Weave(
      type = {
        "org.apache.catalina.core.StandardWrapperValve",
        "org.apache.catalina.core.StandardHostValve"
      },
      method = {
        "exception(org.apache.catalina.connector.Request,org.apache.catalina.connector.Response,"
            + "java.lang.Throwable)",
        "exception(org.apache.catalina.connector.Request,org.apache.catalina.connector.Response,"
            + "java.lang.Throwable,int)",
        "throwable(org.apache.catalina.connector.Request,org.apache.catalina.connector.Response,"
            + "java.lang.Throwable)"
      })
  public static final class Failed {
    private Failed() {}

    @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
    public static void enter(@Advice.Argument(2) @Nullable Throwable thrown) {
      record(thrown);
    }
  }

  /** An asynchronous one did. */
  @Weave(
      type = "org.apache.catalina.core.AsyncContextImpl",
      method = "setErrorState(java.lang.Throwable,boolean)")
  public static final class AsyncFailed {
    private AsyncFailed() {}

    @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
    public static void enter(@Advice.Argument(0) @Nullable Throwable thrown) {
      record(thrown);
    }
  }

  /**
   * The client left while the response was written, which an asynchronous request may keep to
   * itself.
   */
  @Weave(
      type = "org.apache.catalina.connector.OutputBuffer",
      method = {"realWriteBytes(java.nio.ByteBuffer)", "realWriteBytes(byte[],int,int)"})
  public static final class Unwritten {
    private Unwritten() {}

    @Advice.OnMethodExit(inline = false, onThrowable = Throwable.class, suppress = Throwable.class)
    public static void exit(@Advice.Thrown @Nullable Throwable thrown) {
      record(thrown);
    }
  }

  private static void record(@Nullable Throwable thrown) {
    ServerSpan span = thrown == null ? null : ServerSpan.currentServer();
    if (span != null) {
      Throwable cause =
          thrown instanceof ServletException ? ((ServletException) thrown).getRootCause() : null;
      span.error(cause != null ? cause : thrown);
    }
  }
}
