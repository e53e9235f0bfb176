package io.sonde.exporters.otlp;

import io.opentelemetry.sdk.common.export.GrpcResponse;
import io.opentelemetry.sdk.common.export.GrpcStatusCode;
import io.sonde.core.Trouble;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * What came back from a gRPC call, whose sender may be anybody: what cannot be read is left out.
 *
 * <p>A receiver that is overloaded may say in the status's details, as a {@code
 * google.rpc.RetryInfo}, when to come again.
 */
final class GrpcAnswer implements GrpcResponse, Reply {
  /** A frame's head: whether it is compressed, and its length. */
  private static final int FRAME_HEAD = 5;

  private static final int MAX_DETAILS_TEXT = 32 << 10;
  private static final int MAX_DETAILS = 32;
  private static final String RETRY_INFO = "/google.rpc.RetryInfo";
  private static final long NOT_ASKED = -1;
  private static final byte[] NOTHING = {};

  private final GrpcStatusCode code;
  private final String description;
  private final byte[] message;

  /** What the receiver says of coming again, {@link #NOT_ASKED} where it says nothing. */
  private final long retryMillis;

  private GrpcAnswer(GrpcStatusCode code, String description, byte[] message, long retryMillis) {
    this.code = code;
    this.description = description;
    this.message = message;
    this.retryMillis = retryMillis;
  }

  /**
   * An answer with a status of gRPC's own.
   *
   * @param body the frames of the response, of which the first counts
   * @param details the status once more in Base64, with what it has besides
   */
  static GrpcAnswer of(
      String status, @Nullable String description, byte[] body, @Nullable String details) {
    GrpcStatusCode code = GrpcStatusCode.UNKNOWN;
    try {
      code = GrpcStatusCode.fromValue(Integer.parseInt(status.trim()));
    } catch (NumberFormatException e) {
      // Then it is not known.
    }
    String text = description == null ? "" : unescaped(description);
    return new GrpcAnswer(code, text, message(body), retryMillis(details));
  }

  /** An answer of something on the way that speaks HTTP alone; gRPC says what that stands for. */
  static GrpcAnswer ofHttp(int status, @Nullable String retryAfter) {
    long millis = Trouble.retryAfterMillis(retryAfter);
    return new GrpcAnswer(
        code(status),
        status == 200 ? "no gRPC status" : "HTTP status " + status,
        NOTHING,
        millis > 0 ? millis : NOT_ASKED);
  }

  private static GrpcStatusCode code(int httpStatus) {
    switch (httpStatus) {
      case 400:
        return GrpcStatusCode.INTERNAL;
      case 401:
        return GrpcStatusCode.UNAUTHENTICATED;
      case 403:
        return GrpcStatusCode.PERMISSION_DENIED;
      case 404:
        return GrpcStatusCode.UNIMPLEMENTED;
      default:
        return Retries.passes(httpStatus) ? GrpcStatusCode.UNAVAILABLE : GrpcStatusCode.UNKNOWN;
    }
  }

  private static byte[] message(byte[] body) {
    // Compressed ones were not asked for.
    if (body.length < FRAME_HEAD || body[0] != 0) {
      return NOTHING;
    }
    int length = ByteBuffer.wrap(body).getInt(1);
    return length < 0 || length > body.length - FRAME_HEAD
        ? NOTHING
        : Arrays.copyOfRange(body, FRAME_HEAD, FRAME_HEAD + length);
  }

  /** A google.rpc.Status has its details in field 3, each with a type's URL and a message. */
  private static long retryMillis(@Nullable String details) {
    if (details == null || details.length() > MAX_DETAILS_TEXT) {
      return NOT_ASKED;
    }
    byte[] status;
    try {
      status = Base64.getDecoder().decode(details.trim());
    } catch (IllegalArgumentException e) {
      return NOT_ASKED;
    }
    for (byte[] detail : new Fields(status).all(3, MAX_DETAILS)) {
      String type = new Fields(detail).text(1);
      if (type != null && type.endsWith(RETRY_INFO)) {
        byte[] info = new Fields(detail).bytes(2);
        byte[] delay = info == null ? null : new Fields(info).bytes(1);
        return delay == null ? 0 : millis(delay);
      }
    }
    return NOT_ASKED;
  }

  /** A google.protobuf.Duration; a negative one is none. */
  private static long millis(byte[] duration) {
    long seconds = new Fields(duration).number(1);
    long nanos = new Fields(duration).number(2);
    if (seconds < 0 || nanos < 0) {
      return 0;
    }
    long whole = Math.min(seconds, Trouble.LONGEST_WAIT_MILLIS / 1000) * 1000;
    // Rounded up: nothing is to come before it is over.
    long rest = (Math.min(nanos, 999_999_999) + 999_999) / 1_000_000;
    return Math.min(whole + rest, Trouble.LONGEST_WAIT_MILLIS);
  }

  /** The text of grpc-message, in which anything but plain ASCII is two digits after a %. */
  private static String unescaped(String text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      int high = c == '%' && i + 2 < text.length() ? Character.digit(text.charAt(i + 1), 16) : -1;
      int low = high < 0 ? -1 : Character.digit(text.charAt(i + 2), 16);
      if (low >= 0) {
        bytes.write(high << 4 | low);
        i += 2;
      } else {
        bytes.write(c < 0x80 ? c : '?');
      }
    }
    return new String(bytes.toByteArray(), StandardCharsets.UTF_8);
  }

  /** RESOURCE_EXHAUSTED does where a RetryInfo says so; else a request is too large for good. */
  @Override
  public boolean passes() {
    switch (code) {
      case CANCELLED:
      case DEADLINE_EXCEEDED:
      case ABORTED:
      case OUT_OF_RANGE:
      case UNAVAILABLE:
      case DATA_LOSS:
        return true;
      case RESOURCE_EXHAUSTED:
        return retryMillis != NOT_ASKED;
      default:
        return false;
    }
  }

  @Override
  public long askedMillis() {
    return passes() ? Math.max(0, retryMillis) : 0;
  }

  @Override
  public GrpcStatusCode getStatusCode() {
    return code;
  }

  @Override
  public String getStatusDescription() {
    return description;
  }

  @Override
  public byte[] getResponseMessage() {
    return message;
  }
}
