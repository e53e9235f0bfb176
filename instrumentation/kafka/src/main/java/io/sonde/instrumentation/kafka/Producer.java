package io.sonde.instrumentation.kafka;

import io.sonde.core.MessagingSpan;
import io.sonde.core.Span;
import io.sonde.core.Tracing;
import io.sonde.core.Weave;
import net.bytebuddy.asm.Advice;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** Producer spans for Kafka clients 2.0 to 4. */
public final class Producer {
  private static final String TYPE = "org.apache.kafka.clients.producer.KafkaProducer";
  private static final String PARAMETERS =
      "(org.apache.kafka.clients.producer.ProducerRecord,org.apache.kafka.clients.producer.Callback)";

  private Producer() {}

  /** Sends for Kafka clients 2.0 to 4: from the call, past the interceptors, to the answer. */
  @Weave(type = TYPE, method = "doSend" + PARAMETERS, state = true)
  public static final class Send {
    private Send() {}

    @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
    @Advice.AssignReturned.ToArguments(@Advice.AssignReturned.ToArguments.ToArgument(1))
    public static @Nullable Callback enter(
        @Advice.This KafkaProducer<?, ?> producer,
        @Advice.Argument(0) ProducerRecord<?, ?> record,
        @Advice.Argument(1) @Nullable Callback callback) {
      Span caller = Span.current();
      // Kafka Streams sends on records that it worked on, with their headers, under no span.
      MessagingSpan span =
          caller == null && Consumer.isStreams(Thread.currentThread())
              ? MessagingSpan.send(
                  "kafka", "send", record.topic(), record.headers(), RecordHeaders.INSTANCE)
              : MessagingSpan.send("kafka", "send", record.topic());
      if (span == null) {
        return callback;
      }
      if (span.exported()) {
        Client.of(producer).describe(span);
        Client.describe(span, record.key(), record.value());
      }
      span.inject(record.headers(), RecordHeaders.INSTANCE);
      span.enter();
      return new Completion(span, caller, callback);
    }

    @Advice.OnMethodExit(inline = false, onThrowable = Throwable.class, suppress = Throwable.class)
    public static void exit(
        @Advice.Enter @Nullable Callback entered, @Advice.Thrown @Nullable Throwable thrown) {
      if (entered instanceof Completion) {
        MessagingSpan span = ((Completion) entered).span;
        span.leave();
        if (thrown != null) {
          span.end(thrown);
        }
      }
    }
  }

  /**
   * A record that was sent before, for Kafka clients 2.0 to 4: its headers are closed, a copy's are
   * not.
   */
  @Weave(type = TYPE, method = "send" + PARAMETERS)
  public static final class SendAgain {
    private SendAgain() {}

    @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
    @Advice.AssignReturned.ToArguments(@Advice.AssignReturned.ToArguments.ToArgument(0))
    public static <K, V> @Nullable ProducerRecord<K, V> enter(
        @Advice.Argument(0) @Nullable ProducerRecord<K, V> record) {
      if (record == null || !Tracing.on()) {
        return record;
      }
      try {
        // The only question that closed headers answer: nothing has this name.
        record.headers().remove("sonde$closed");
        return record;
      } catch (IllegalStateException closed) {
        return new ProducerRecord<>(
            record.topic(),
            record.partition(),
            record.timestamp(),
            record.key(),
            record.value(),
            record.headers());
      }
    }
  }
}
