package io.sonde.exporters.otlp;

import org.jspecify.annotations.Nullable;

/** What became of one attempt to send a request. */
final class Answer {
  /** Why a request failed, in the words of the summary. */
  enum Kind {
    ACCEPTED,
    /** Worth another attempt: the receiver is overloaded or not ready. */
    UNAVAILABLE,
    /** The receiver will not take this request. */
    REFUSED
  }

  final Kind kind;

  /**
   * What the receiver said, for the log; of an accepted request only where it took not everything.
   */
  final @Nullable String message;

  /** How long the receiver wants to be left alone, -1 where it did not say. */
  final long retryAfterNanos;

  /** Spans that the receiver did not take out of an accepted request. */
  final long rejected;

  private Answer(Kind kind, @Nullable String message, long retryAfterNanos, long rejected) {
    this.kind = kind;
    this.message = message;
    this.retryAfterNanos = retryAfterNanos;
    this.rejected = rejected;
  }

  static Answer accepted(long rejected, @Nullable String message) {
    return new Answer(Kind.ACCEPTED, message, -1, rejected);
  }

  static Answer unavailable(String message, long retryAfterNanos) {
    return new Answer(Kind.UNAVAILABLE, message, retryAfterNanos, 0);
  }

  static Answer refused(String message) {
    return new Answer(Kind.REFUSED, message, -1, 0);
  }
}
