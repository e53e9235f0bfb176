package io.sonde.instrumentation.jetty12;

import io.sonde.core.ServerSpan;
import java.util.function.Function;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.server.Response;
import org.jspecify.annotations.Nullable;

/** Ends the span when request and response are complete, which the stream is told once. */
public final class SpanStream extends HttpStream.Wrapper {
  private final ServerSpan span;
  private final Response response;

  private SpanStream(HttpStream stream, ServerSpan span, Response response) {
    super(stream);
    this.span = span;
    this.response = response;
  }

  @Override
  public void succeeded() {
    end(null);
    super.succeeded();
  }

  @Override
  public void failed(Throwable thrown) {
    end(thrown);
    super.failed(thrown);
  }

  private void end(@Nullable Throwable thrown) {
    try {
      span.status(response.getStatus());
    } finally {
      span.end(thrown);
    }
  }

  /** Puts the span's stream around the request's. */
  static final class Wrapping implements Function<HttpStream, HttpStream> {
    private final ServerSpan span;
    private final Response response;

    Wrapping(ServerSpan span, Response response) {
      this.span = span;
      this.response = response;
    }

    @Override
    public HttpStream apply(HttpStream stream) {
      return new SpanStream(stream, span, response);
    }
  }
}
