package io.sonde.exporters.otlp;

import io.opentelemetry.sdk.common.export.Compressor;
import io.opentelemetry.sdk.common.export.GrpcSenderConfig;
import io.opentelemetry.sdk.common.export.RetryPolicy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** The gRPC call that asks Jaeger for a service's sampling strategy; made on the calling thread. */
final class SamplingRequest implements GrpcSenderConfig {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final int MAX_NAME = 1000;

  private final URI endpoint;

  SamplingRequest(URI endpoint) {
    this.endpoint = endpoint;
  }

  /** A jaeger.api_v2.SamplingStrategyParameters: the service's name is its field 1. */
  static byte[] message(String service) {
    String name = service.length() > MAX_NAME ? service.substring(0, MAX_NAME) : service;
    byte[] text = name.getBytes(StandardCharsets.UTF_8);
    byte[] message = new byte[text.length + 3];
    message[0] = 1 << 3 | 2;
    message[1] = (byte) (text.length & 0x7F | 0x80);
    message[2] = (byte) (text.length >>> 7);
    System.arraycopy(text, 0, message, 3, text.length);
    return message;
  }

  @Override
  public URI getEndpoint() {
    return endpoint;
  }

  @Override
  public String getFullMethodName() {
    return "jaeger.api_v2.SamplingManager/GetSamplingStrategy";
  }

  @Override
  public @Nullable Compressor getCompressor() {
    return null;
  }

  @Override
  public Duration getTimeout() {
    return TIMEOUT;
  }

  @Override
  public Duration getConnectTimeout() {
    return TIMEOUT;
  }

  @Override
  public Supplier<Map<String, List<String>>> getHeadersSupplier() {
    return Collections::emptyMap;
  }

  @Override
  public @Nullable RetryPolicy getRetryPolicy() {
    return null;
  }

  @Override
  public @Nullable SSLContext getSslContext() {
    return null;
  }

  @Override
  public @Nullable X509TrustManager getTrustManager() {
    return null;
  }

  @Override
  public @Nullable ExecutorService getExecutorService() {
    return null;
  }
}
