package io.sonde.core;

import org.jspecify.annotations.Nullable;

/** An HTTP request that this process sends. */
public final class ClientSpan extends Span {
  private final String method;
  private @Nullable String host;
  private char port;
  private char answer;

  private ClientSpan(String method, @Nullable Span parent) {
    super(CLIENT, parent, null, method);
    this.method = HttpMethod.known(method);
    if (this.method == HttpMethod.OTHER) {
      set(Names.HTTP_REQUEST_METHOD_ORIGINAL, method);
    }
  }

  private ClientSpan(String method, ClientSpan sibling) {
    super(sibling);
    this.method = HttpMethod.known(method);
    if (this.method == HttpMethod.OTHER) {
      set(Names.HTTP_REQUEST_METHOD_ORIGINAL, method);
    }
  }

  /**
   * Starts the span of a request that the client sends again, for the {@code count}th time after
   * this one or its like: beside this one where that has a parent, else in a trace of its own, as
   * the conventions show it.
   */
  ClientSpan resend(String method, int count) {
    ClientSpan next =
        parentId() != 0 ? new ClientSpan(method, this) : new ClientSpan(method, (Span) null);
    next.set(Names.HTTP_REQUEST_RESEND_COUNT, count);
    return next;
  }

  /**
   * Starts the span of a request, or returns null where tracing is off or an HTTP client span is
   * the context already.
   */
  public static @Nullable ClientSpan start(String method) {
    if (!Tracing.on()) {
      return null;
    }
    Span parent = current(Slot.peek());
    return suppressed(parent, CLIENT) ? null : new ClientSpan(method, parent);
  }

  /** Where the request goes; a port of 0 or less is the scheme's own. */
  public void address(@Nullable String scheme, @Nullable String host, int port) {
    this.host = host;
    this.port = small(port > 0 ? port : "https".equalsIgnoreCase(scheme) ? 443 : 80);
  }

  /** The whole URL; user, password and signatures in it are redacted. */
  public void url(@Nullable String full) {
    if (exported() && full != null) {
      set(Names.URL_FULL, Urls.redact(full));
    }
  }

  /** The response's status code. */
  public void status(int value) {
    if (!isEnded()) {
      answer = HttpAnswer.withStatus(answer, value);
    }
  }

  /**
   * The version of HTTP as the conventions write it; metrics have those that there are, spans
   * whatever was said.
   */
  public void httpVersion(@Nullable String version) {
    if (!isEnded()) {
      answer = HttpAnswer.withVersion(answer, version);
      if (HttpAnswer.version(answer) == null) {
        set(Names.NETWORK_PROTOCOL_VERSION, version);
      }
    }
  }

  @Override
  int firstAttributes() {
    return 4;
  }

  @Override
  RedSeries red(Red red) {
    return red.client(
        method, host, port, HttpAnswer.version(answer), HttpAnswer.status(answer), errorType());
  }

  @Override
  public String name() {
    return method == HttpMethod.OTHER ? "HTTP" : method;
  }

  @Override
  public int otlpKind() {
    return 3;
  }

  @Override
  public void fields(Out out) {
    out.attribute(Names.HTTP_REQUEST_METHOD, method);
    if (host != null) {
      out.attribute(Names.SERVER_ADDRESS, host);
      out.attribute(Names.SERVER_PORT, (long) port);
    }
    int status = HttpAnswer.status(answer);
    if (status > 0) {
      out.attribute(Names.HTTP_RESPONSE_STATUS_CODE, (long) status);
    }
    String version = HttpAnswer.version(answer);
    if (version != null) {
      out.attribute(Names.NETWORK_PROTOCOL_VERSION, version);
    }
  }

  @Override
  public @Nullable String errorType() {
    int status = HttpAnswer.status(answer);
    if (status >= 400) {
      return HttpMethod.status(status);
    }
    Throwable thrown = thrown();
    return thrown == null ? null : thrown.getClass().getName();
  }
}
