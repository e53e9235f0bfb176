package io.sonde.instrumentation.apachehttpclient4;

import io.sonde.core.ClientSpan;
import io.sonde.core.HeaderSink;
import io.sonde.core.Names;
import java.net.URI;
import org.apache.http.HttpHost;
import org.apache.http.HttpRequest;
import org.apache.http.HttpResponse;
import org.apache.http.ProtocolVersion;
import org.apache.http.StatusLine;
import org.apache.http.client.methods.HttpUriRequest;
import org.jspecify.annotations.Nullable;

/** What a request and its response say about the span. */
final class Requests {
  private static final HeaderSink<HttpRequest> WRITE = new Write();

  private Requests() {}

  /** Starts the span and writes it into the request. */
  static @Nullable ClientSpan start(@Nullable HttpHost target, HttpRequest request) {
    HttpUriRequest known = request instanceof HttpUriRequest ? (HttpUriRequest) request : null;
    ClientSpan span =
        ClientSpan.start(known != null ? known.getMethod() : request.getRequestLine().getMethod());
    if (span == null) {
      return null;
    }
    URI uri = known == null ? null : known.getURI();
    if (target != null) {
      span.address(target.getSchemeName(), target.getHostName(), target.getPort());
    } else if (uri != null && uri.getHost() != null) {
      span.address(uri.getScheme(), uri.getHost(), uri.getPort());
    }
    if (span.exported()) {
      span.url(url(target, uri != null ? uri.toString() : request.getRequestLine().getUri()));
    }
    span.inject(request, WRITE);
    return span;
  }

  private static @Nullable String url(@Nullable HttpHost target, @Nullable String uri) {
    if (uri == null || uri.isEmpty()) {
      return target == null ? null : target.toURI() + '/';
    }
    if (uri.charAt(0) == '/') {
      return target == null ? null : target.toURI() + uri;
    }
    return uri.contains("://") ? uri : null;
  }

  static void responded(ClientSpan span, HttpResponse response) {
    StatusLine line = response.getStatusLine();
    if (line == null) {
      return;
    }
    span.status(line.getStatusCode());
    ProtocolVersion version = line.getProtocolVersion();
    if (version != null && span.exported()) {
      span.set(
          Names.NETWORK_PROTOCOL_VERSION,
          version.getMajor() == 1 && version.getMinor() == 1
              ? "1.1"
              : version.getMajor() + "." + version.getMinor());
    }
  }

  private static final class Write implements HeaderSink<HttpRequest> {
    Write() {}

    @Override
    public void set(HttpRequest request, String name, String value) {
      request.setHeader(name, value);
    }
  }
}
