package io.sonde.exporters.otlp;

import io.opentelemetry.sdk.common.export.HttpResponse;
import io.sonde.core.Trouble;
import org.jspecify.annotations.Nullable;

/** What came back over HTTP. */
final class Answer implements HttpResponse, Reply {
  /** More of a body is not read. */
  static final int MAX_BODY = 64 << 10;

  private final int status;
  private final String message;
  private final byte[] body;

  /** Where a redirect leads, null for any other answer. */
  final @Nullable String location;

  /** When to come again, as the header has it. */
  final @Nullable String retryAfter;

  Answer(
      int status,
      String message,
      byte[] body,
      @Nullable String location,
      @Nullable String retryAfter) {
    this.status = status;
    this.message = message;
    this.body = body;
    this.location = status / 100 == 3 ? location : null;
    this.retryAfter = retryAfter;
  }

  @Override
  public boolean passes() {
    return Retries.passes(status);
  }

  @Override
  public long askedMillis() {
    return passes() ? Trouble.retryAfterMillis(retryAfter) : 0;
  }

  @Override
  public int getStatusCode() {
    return status;
  }

  @Override
  public String getStatusMessage() {
    return message;
  }

  @Override
  public byte[] getResponseBody() {
    return body;
  }
}
