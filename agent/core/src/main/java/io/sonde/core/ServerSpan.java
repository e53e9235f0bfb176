package io.sonde.core;

import org.jspecify.annotations.Nullable;

/** An HTTP request that this process answers. */
public final class ServerSpan extends Span {
  private final String method;
  private @Nullable String route;
  private @Nullable String scheme;
  private char answer;
  private byte routeRank;
  private boolean halfDone;
  private final @Nullable Endpoint endpoint = Timeline.on() ? new Endpoint(baggage()) : null;

  private ServerSpan(String method, Incoming incoming) {
    super(SERVER, null, incoming, method);
    this.method = HttpMethod.known(method);
    if (this.method == HttpMethod.OTHER) {
      set(Names.HTTP_REQUEST_METHOD_ORIGINAL, method);
    }
  }

  /**
   * Starts the span of a request from its headers and makes it the context of this thread, or
   * returns null where tracing is off or this thread serves a request already. Follow with {@link
   * #exit()} on the same thread and {@link #end}.
   */
  public static <C> @Nullable ServerSpan start(C request, Headers<C> headers, String method) {
    if (!Tracing.on()) {
      return null;
    }
    Slot slot = Slot.get();
    if (slot.isServing()) {
      return null;
    }
    Incoming incoming = slot.incoming();
    Tracing.propagation().extract(request, headers, incoming);
    ServerSpan span = new ServerSpan(method, incoming);
    String traceparent = incoming.traceparent;
    if (traceparent != null && !span.sampled() && !span.exported()) {
      slot.unsampledParent().received(span, traceparent);
    }
    slot.done(incoming);
    slot.begin(span);
    slot.serving = span;
    return span;
  }

  /**
   * Makes this thread serve the request again, after an asynchronous hand-over. False where it
   * already serves one.
   */
  public boolean resume() {
    Slot slot = Slot.get();
    if (slot.isServing()) {
      return false;
    }
    slot.push(this);
    slot.serving = this;
    return true;
  }

  /** This thread no longer serves the request. */
  public void exit() {
    Slot slot = Slot.get();
    if (slot.serving == this) {
      slot.serving = null;
    }
    slot.pop(this);
  }

  /**
   * One of the two things has happened after which the request is over, where a server has two of
   * them, on threads of their own. True for the second.
   */
  public synchronized boolean secondEnd() {
    boolean second = halfDone;
    halfDone = true;
    return second;
  }

  /** The server span that the current context belongs to. */
  public static @Nullable ServerSpan currentServer() {
    Span span = Span.current();
    return span == null ? null : span.server();
  }

  @Override
  public ServerSpan server() {
    return this;
  }

  /** Sets path and query as they came; the query is redacted as the conventions ask. */
  public void target(@Nullable String path, @Nullable String query) {
    if (exported()) {
      set(Names.URL_PATH, path);
      set(Names.URL_QUERY, query == null ? null : Urls.redactQuery(query));
    }
  }

  /**
   * Reads from the headers where the request was sent to and by whom: url.scheme, server.*,
   * client.address and user_agent.original, each as the first proxy saw it.
   *
   * @param scheme http or https, as this connection is
   * @param peer the other end of this connection; only read where {@link #exported()}, so null will
   *     do elsewhere
   * @param peerPort its port, 0 where it is not known
   */
  public <C> void origin(
      C request, Headers<C> headers, String scheme, @Nullable String peer, int peerPort) {
    String forwarded = headers.get(request, "Forwarded");
    String original = Origin.scheme(forwarded, request, headers, scheme);
    scheme(original);
    if (!exported()) {
      return;
    }
    String authority = Origin.authority(forwarded, request, headers);
    if (authority != null) {
      Origin.Authority to = Origin.Authority.of(authority);
      set(Names.SERVER_ADDRESS, to.host);
      set(Names.SERVER_PORT, to.port(original));
    }
    String client = Origin.client(forwarded, request, headers);
    set(Names.CLIENT_ADDRESS, client != null ? client : peer);
    set(Names.NETWORK_PEER_ADDRESS, peer);
    if (peer != null && peerPort > 0) {
      record().peerPort = small(peerPort);
    }
    set(Names.USER_AGENT_ORIGINAL, headers.get(request, "User-Agent"));
  }

  /**
   * What the response's {@code Server-Timing} header says, by which a browser finds this trace, or
   * null where it is not wanted. It is added to values of the application's own, together with
   * {@code Access-Control-Expose-Headers: Server-Timing}, before the response is committed.
   */
  public @Nullable String serverTiming() {
    return Tracing.serverTiming()
        ? "traceparent;desc=\"" + TraceContext.text(this, traceFlags() & Incoming.SAMPLED) + '"'
        : null;
  }

  /** http or https. */
  public void scheme(@Nullable String value) {
    scheme = value;
  }

  /** The response's status code. */
  public void status(int value) {
    if (!isEnded()) {
      answer = HttpAnswer.withStatus(answer, value);
    }
  }

  /** The response's status code so far, 0 where none is known. */
  public int status() {
    return HttpAnswer.status(answer);
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

  /**
   * The template of the matched route; a route of higher rank (1 container, 2 framework, 3 nested
   * resource) replaces one of lower, and of the same rank the first one stays: a forward or an
   * error page does not change what the client asked for.
   */
  public void route(@Nullable String template, int rank) {
    if (template != null && rank > routeRank && !isEnded()) {
      route = template;
      routeRank = (byte) rank;
      if (endpoint != null) {
        endpoint.route(template);
      }
    }
  }

  /** The template of the matched route. */
  public @Nullable String route() {
    return route;
  }

  /** Where profiles find the route; null where no profiler ran when this began. */
  @Nullable Endpoint endpoint() {
    return endpoint;
  }

  @Override
  int firstAttributes() {
    return 14;
  }

  @Override
  RedSeries red(Red red) {
    return red.server(
        method,
        route,
        scheme,
        HttpAnswer.version(answer),
        status(),
        errorType(),
        thrown(),
        parentId() == 0);
  }

  @Override
  public String name() {
    String verb = method == HttpMethod.OTHER ? "HTTP" : method;
    return route == null ? verb : Routes.named(verb, route);
  }

  @Override
  public int otlpKind() {
    return 2;
  }

  @Override
  public void fields(Out out) {
    out.attribute(Names.HTTP_REQUEST_METHOD, method);
    if (scheme != null) {
      out.attribute(Names.URL_SCHEME, scheme);
    }
    if (route != null) {
      out.attribute(Names.HTTP_ROUTE, route);
    }
    int status = status();
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
    int status = status();
    Throwable thrown = thrown();
    if (status >= 500) {
      return HttpMethod.status(status);
    }
    return thrown == null || status >= 400 ? null : thrown.getClass().getName();
  }
}
