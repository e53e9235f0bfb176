package io.sonde.instrumentation.apachehttpclient4;

import io.sonde.core.ClientSpan;
import io.sonde.core.HeaderSink;
import java.net.URI;
import org.apache.http.HttpHost;
import org.apache.http.HttpRequest;
import org.apache.http.HttpResponse;
import org.apache.http.ProtocolVersion;
import org.apache.http.StatusLine;
import org.jspecify.annotations.Nullable;

/** What a request and its response say about the span, by HttpCore's types alone. */
final class Messages {
  private static final HeaderSink<HttpRequest> WRITE = new Write();

  private Messages() {}

  /**
   * Tells the span where the request goes, and writes it into the request.
   *
   * @param uri the whole address where it is known; else it is target and request line
   */
  static void describe(
      @Nullable ClientSpan span,
      @Nullable HttpHost target,
      @Nullable URI uri,
      HttpRequest request) {
    if (span == null) {
      return;
    }
    if (target != null) {
      span.address(target.getSchemeName(), target.getHostName(), target.getPort());
    } else if (uri != null && uri.getHost() != null) {
      span.address(uri.getScheme(), uri.getHost(), uri.getPort());
    }
    if (span.exported()) {
      span.url(url(target, uri != null ? uri.toString() : request.getRequestLine().getUri()));
    }
    span.inject(request, WRITE);
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

  static void responded(@Nullable ClientSpan span, HttpResponse response) {
    StatusLine line = response.getStatusLine();
    if (span == null || line == null) {
      return;
    }
    span.status(line.getStatusCode());
    ProtocolVersion version = line.getProtocolVersion();
    if (version != null) {
      span.httpVersion(version(version.getMajor(), version.getMinor()));
    }
  }

  private static String version(int major, int minor) {
    if (major == 1 && minor <= 1) {
      return minor == 1 ? "1.1" : "1.0";
    }
    return major + "." + minor;
  }

  private static final class Write implements HeaderSink<HttpRequest> {
    Write() {}

    @Override
    public void set(HttpRequest request, String name, String value) {
      request.setHeader(name, value);
    }
  }
}
