package io.sonde.instrumentation.kafka;

import io.sonde.core.MessagingSpan;
import io.sonde.core.Weave;
import java.util.Iterator;
import java.util.List;
import net.bytebuddy.asm.Advice;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Spring Kafka's listener container, 2.5 to 4. Record listeners run in its loop over the polled
 * records, which is traced as any other; this adds what the loop does not show.
 */
public final class SpringListener {
  private static final String TYPE =
      "org.springframework.kafka.listener.KafkaMessageListenerContainer$ListenerConsumer";
  private static final String RECORDS = "org.apache.kafka.clients.consumer.ConsumerRecords";
  private static final String RECORD = "org.apache.kafka.clients.consumer.ConsumerRecord";

  private SpringListener() {}

  /**
   * What a batch is made of, for Spring Kafka 2.5 to 4: the container's own loop is no work on it.
   */
  @Weave(type = TYPE, method = "invokeBatchListener(" + RECORDS + ")")
  public static final class Batch {
    private Batch() {}

    @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
    public static void enter(@Advice.Argument(0) ConsumerRecords<?, ?> records) {
      Client client = Client.ATTACHED.get(records);
      if (client != null) {
        Client.ATTACHED.set(records, client.ofBatches());
      }
    }
  }

  /**
   * Calls of batch listeners of Spring Kafka 2.5 to 4, retries too: a span linked to every record.
   */
  @Weave(
      type = TYPE,
      method = "invokeBatchOnMessageWithRecordsOrList(" + RECORDS + ",java.util.List)")
  public static final class BatchCall {
    private BatchCall() {}

    @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
    public static @Nullable MessagingSpan enter(@Advice.Argument(0) ConsumerRecords<?, ?> records) {
      MessagingSpan span =
          MessagingSpan.processBatch(
              "kafka", "process", Consumer.commonTopic(records.partitions()));
      if (span == null) {
        return null;
      }
      span.messages(records.count());
      Client client = Client.ATTACHED.get(records);
      if (client != null) {
        client.group(span);
      }
      if (span.exported()) {
        if (client != null) {
          client.describe(span);
        }
        for (TopicPartition partition : records.partitions()) {
          List<? extends ConsumerRecord<?, ?>> list = records.records(partition);
          for (int i = 0; i < list.size(); i++) {
            span.link(list.get(i).headers(), RecordHeaders.INSTANCE);
          }
        }
      }
      span.enter();
      return span;
    }

    @Advice.OnMethodExit(inline = false, onThrowable = Throwable.class, suppress = Throwable.class)
    public static void exit(
        @Advice.Enter @Nullable MessagingSpan span, @Advice.Thrown @Nullable Throwable thrown) {
      if (span != null) {
        span.leave();
        span.end(cause(thrown));
      }
    }
  }

  /** Failures of record listeners of Spring Kafka 2.5 to 4, whose handler takes what is left. */
  @Weave(
      type = TYPE,
      method = "invokeErrorHandler(" + RECORD + ",java.util.Iterator,java.lang.RuntimeException)")
  public static final class Failure {
    private Failure() {}

    @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
    @Advice.AssignReturned.ToArguments(@Advice.AssignReturned.ToArguments.ToArgument(1))
    public static @Nullable Iterator<?> enter(
        @Advice.Argument(1) @Nullable Iterator<?> left,
        @Advice.Argument(2) @Nullable RuntimeException failure) {
      MessagingSpan.failed(cause(failure));
      return left instanceof RecordIterator ? ((RecordIterator<?, ?>) left).untraced() : left;
    }
  }

  /** The listener's own exception: the container wraps it. */
  private static @Nullable Throwable cause(@Nullable Throwable failure) {
    if (failure == null
        || failure.getCause() == null
        || !failure.getClass().getName().endsWith(".ListenerExecutionFailedException")) {
      return failure;
    }
    return failure.getCause();
  }
}
