package io.sonde.instrumentation.apachehttpclient5;

import io.sonde.core.ClientSpan;
import io.sonde.core.HeaderSink;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.ProtocolVersion;
import org.apache.hc.core5.net.URIAuthority;
import org.jspecify.annotations.Nullable;

/** What a request and its response say about the span. */
final class Requests {
  private static final HeaderSink<HttpRequest> WRITE = new Write();

  private Requests() {}

  /** Starts the span and writes it into the request. */
  static @Nullable ClientSpan start(@Nullable HttpHost target, HttpRequest request) {
    ClientSpan span = ClientSpan.start(request.getMethod());
    describe(span, target, request);
    return span;
  }

  /** Tells the span where the request goes, and writes it into the request. */
  static void describe(@Nullable ClientSpan span, @Nullable HttpHost target, HttpRequest request) {
    if (span == null) {
      return;
    }
    URIAuthority authority = request.getAuthority();
    String scheme = target != null ? target.getSchemeName() : request.getScheme();
    if (target != null) {
      span.address(scheme, target.getHostName(), target.getPort());
    } else if (authority != null) {
      span.address(scheme, authority.getHostName(), authority.getPort());
    }
    if (span.exported()) {
      span.url(url(scheme, authority != null ? authority : target, request.getPath()));
    }
    span.inject(request, WRITE);
  }

  private static @Nullable String url(
      @Nullable String scheme, @Nullable Object authority, @Nullable String path) {
    if (path != null && !path.startsWith("/")) {
      return path.contains("://") ? path : null;
    }
    if (authority == null) {
      return null;
    }
    String place =
        authority instanceof HttpHost
            ? ((HttpHost) authority).toHostString()
            : authority.toString();
    return (scheme == null ? "http" : scheme) + "://" + place + (path == null ? "/" : path);
  }

  static void responded(@Nullable ClientSpan span, HttpResponse response) {
    if (span == null) {
      return;
    }
    span.status(response.getCode());
    ProtocolVersion version = response.getVersion();
    if (version != null) {
      span.httpVersion(version(version.getMajor(), version.getMinor()));
    }
  }

  private static String version(int major, int minor) {
    if (major == 1) {
      return minor == 1 ? "1.1" : "1.0";
    }
    return major == 2 ? "2" : Integer.toString(major);
  }

  private static final class Write implements HeaderSink<HttpRequest> {
    Write() {}

    @Override
    public void set(HttpRequest request, String name, String value) {
      request.setHeader(name, value);
    }
  }
}
