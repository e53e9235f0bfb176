package io.sonde.core;

import org.jspecify.annotations.Nullable;

/**
 * One call of an application to an HTTP client that works on the caller's thread: the client may
 * send it several times (redirects, retries, answers to challenges), with a span each time.
 *
 * <p>The first span begins with the call, so that it covers the connection too and is there when no
 * request is ever sent; so does a further one, where it can be seen that the client looks for a
 * connection again, else it begins with the request. Each ends with its response's head. What an
 * interceptor of the application's calls meanwhile is a call of its own.
 */
public final class HttpCall {
  private final @Nullable HttpCall outer;
  private @Nullable ClientSpan span;
  private int sent;

  /** Nothing was sent yet for {@link #span}. */
  private boolean fresh = true;

  /** What kept the latest attempt from being sent. */
  private @Nullable Throwable refused;

  private HttpCall(@Nullable HttpCall outer, @Nullable ClientSpan span) {
    this.outer = outer;
    this.span = span;
  }

  /**
   * Begins a call on this thread, or returns null where tracing is off. Follow with {@link #end} on
   * the same thread.
   */
  public static @Nullable HttpCall begin(String method) {
    if (!Tracing.on()) {
      return null;
    }
    Slot slot = Slot.get();
    HttpCall call = new HttpCall(slot.call, ClientSpan.start(method));
    slot.call = call;
    return call;
  }

  /** The call that this thread is in, where that makes spans. */
  public static @Nullable HttpCall current() {
    Slot slot = Slot.peek();
    HttpCall call = slot == null ? null : slot.call;
    return call == null || call.span == null ? null : call;
  }

  /** The span of the latest attempt, null where another client's span stands for the call. */
  public @Nullable ClientSpan span() {
    return span;
  }

  /**
   * A connection for the request is looked for. Returns true where the latest attempt is over, and
   * {@link #span()} is a new one that knows nothing of the request yet.
   */
  public boolean connecting(String method) {
    ClientSpan before = span;
    if (before == null || fresh) {
      return false;
    }
    before.end();
    span = before.resend(method, sent);
    fresh = true;
    refused = null;
    return true;
  }

  /**
   * The request is about to be sent. Returns true where that is not for the first time, and {@link
   * #span()} is not the one that is in its headers.
   */
  public boolean sending(String method) {
    connecting(method);
    fresh = false;
    return span != null && sent++ > 0;
  }

  /** No connection was to be had for the latest attempt, whatever the application makes of that. */
  public void refused(Throwable thrown) {
    refused = thrown;
  }

  /** Whether the request was sent at all. */
  public boolean sent() {
    return sent > 0;
  }

  /**
   * The call is over; this thread goes back to the call around it. What kept a further request from
   * being sent is an error of the attempt that it would have been.
   */
  public void end(@Nullable Throwable thrown) {
    leave();
    Throwable failure = thrown == null && fresh && sent > 0 ? refused : thrown;
    if (span != null && (failure != null || !fresh || sent == 0)) {
      span.end(failure);
    }
  }

  /** As {@link #end}, and an attempt that was not sent is forgotten. */
  public void leave() {
    Slot.get().call = outer;
  }
}
