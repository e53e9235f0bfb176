package io.sonde.exporters.otlp;

import io.opentelemetry.sdk.common.export.Compressor;
import io.opentelemetry.sdk.common.export.GrpcSenderConfig;
import io.opentelemetry.sdk.common.export.HttpSenderConfig;
import io.opentelemetry.sdk.common.export.ProxyOptions;
import io.opentelemetry.sdk.common.export.RetryPolicy;
import io.sonde.core.Messages;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.function.Supplier;
import java.util.zip.GZIPOutputStream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** What senders are told of a target: where it is, how it is spoken to, whom to trust. */
final class Connection implements HttpSenderConfig, GrpcSenderConfig {
  static final String CONTENT_TYPE = "application/x-protobuf";

  private static final long MAX_ANSWER = 4 << 20;

  private final Target target;
  private final String grpcMethod;
  private final Map<String, List<String>> headers = new HashMap<>();
  private final @Nullable Secrets secrets;

  Connection(Target target, String grpcMethod, Messages messages, String version) {
    this.target = target;
    this.grpcMethod = grpcMethod;
    headers(target, version)
        .forEach((name, value) -> headers.put(name, Collections.singletonList(value)));
    secrets = Secrets.of(target, messages);
  }

  /** Those that are configured, and who sends them where they do not say that. */
  static Map<String, String> headers(Target target, String version) {
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    headers.put("User-Agent", userAgent(version));
    headers.putAll(target.headers);
    return headers;
  }

  /** As the specification wants it. */
  static String userAgent(String version) {
    return "Sonde-OTLP-Exporter-Java/" + version;
  }

  @Override
  public URI getEndpoint() {
    return URI.create(target.url());
  }

  @Override
  public String getFullMethodName() {
    return grpcMethod;
  }

  @Override
  public String getContentType() {
    return CONTENT_TYPE;
  }

  @Override
  public @Nullable Compressor getCompressor() {
    return target.gzip ? new Gzip() : null;
  }

  @Override
  public Duration getTimeout() {
    return Duration.ofMillis(target.timeoutMillis);
  }

  @Override
  public Duration getConnectTimeout() {
    return getTimeout();
  }

  @Override
  public Supplier<Map<String, List<String>>> getHeadersSupplier() {
    return () -> headers;
  }

  @Override
  public @Nullable ProxyOptions getProxyOptions() {
    return null;
  }

  /** Attempts are made by ourselves. */
  @Override
  public @Nullable RetryPolicy getRetryPolicy() {
    return null;
  }

  @Override
  public @Nullable SSLContext getSslContext() {
    return secrets == null ? null : secrets.context;
  }

  @Override
  public @Nullable X509TrustManager getTrustManager() {
    return secrets == null ? null : secrets.trusted;
  }

  /** All is done by the thread that calls. */
  @Override
  public @Nullable ExecutorService getExecutorService() {
    return null;
  }

  @Override
  public long getMaxResponseBodySize() {
    return MAX_ANSWER;
  }

  @Override
  public @Nullable List<String> getEnabledProtocols() {
    return null;
  }

  /** The one compression there is. */
  private static final class Gzip implements Compressor {
    @Override
    public String getEncoding() {
      return "gzip";
    }

    @Override
    public OutputStream compress(OutputStream to) throws IOException {
      return new GZIPOutputStream(to);
    }
  }
}
