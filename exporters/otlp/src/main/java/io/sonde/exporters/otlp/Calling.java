package io.sonde.exporters.otlp;

import io.opentelemetry.sdk.common.export.Compressor;
import io.opentelemetry.sdk.common.export.GrpcSenderConfig;
import io.opentelemetry.sdk.common.export.RetryPolicy;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** What a sender of gRPC is told, but for the method that it calls. */
final class Calling implements GrpcSenderConfig {
  private final GrpcSenderConfig told;
  private final String method;

  Calling(GrpcSenderConfig told, String method) {
    this.told = told;
    this.method = method;
  }

  @Override
  public URI getEndpoint() {
    return told.getEndpoint();
  }

  @Override
  public String getFullMethodName() {
    return method;
  }

  @Override
  public @Nullable Compressor getCompressor() {
    return told.getCompressor();
  }

  @Override
  public Duration getTimeout() {
    return told.getTimeout();
  }

  @Override
  public Duration getConnectTimeout() {
    return told.getConnectTimeout();
  }

  @Override
  public Supplier<Map<String, List<String>>> getHeadersSupplier() {
    return told.getHeadersSupplier();
  }

  @Override
  public @Nullable RetryPolicy getRetryPolicy() {
    return told.getRetryPolicy();
  }

  @Override
  public @Nullable SSLContext getSslContext() {
    return told.getSslContext();
  }

  @Override
  public @Nullable X509TrustManager getTrustManager() {
    return told.getTrustManager();
  }

  @Override
  public @Nullable ExecutorService getExecutorService() {
    return told.getExecutorService();
  }

  @Override
  public long getMaxResponseBodySize() {
    return told.getMaxResponseBodySize();
  }

  @Override
  public @Nullable List<String> getEnabledProtocols() {
    return told.getEnabledProtocols();
  }
}
