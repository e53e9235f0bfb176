package io.sonde.instrumentation.kafka;

import io.sonde.core.MessagingSpan;
import io.sonde.core.Names;
import io.sonde.core.Span;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;

/**
 * Ends a send's span when the broker answered; the application's callback runs where the send was
 * called from.
 */
final class Completion implements Callback {
  final MessagingSpan span;
  private final @Nullable Span caller;
  private final @Nullable Callback callback;

  Completion(MessagingSpan span, @Nullable Span caller, @Nullable Callback callback) {
    this.span = span;
    this.caller = caller;
    this.callback = callback;
  }

  @Override
  public void onCompletion(@Nullable RecordMetadata metadata, @Nullable Exception failure) {
    end(metadata, failure);
    if (callback == null) {
      return;
    }
    if (caller == null) {
      callback.onCompletion(metadata, failure);
      return;
    }
    caller.enter();
    try {
      callback.onCompletion(metadata, failure);
    } finally {
      caller.leave();
    }
  }

  private void end(@Nullable RecordMetadata metadata, @Nullable Exception failure) {
    // A record that is refused at once completes while send still runs.
    span.leave();
    if (metadata != null && span.exported()) {
      if (metadata.partition() >= 0) {
        span.set(Names.MESSAGING_DESTINATION_PARTITION_ID, Integer.toString(metadata.partition()));
      }
      if (metadata.hasOffset()) {
        span.set(Names.MESSAGING_KAFKA_OFFSET, metadata.offset());
      }
    }
    span.end(failure);
  }
}
