package io.sonde.instrumentation.kafka;

import io.sonde.core.MessagingSpan;
import io.sonde.core.Names;
import io.sonde.core.Span;
import io.sonde.core.Tracing;
import io.sonde.core.Weave;
import java.util.Iterator;
import java.util.Set;
import net.bytebuddy.asm.Advice;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;

/**
 * Polls of Kafka clients 2.0 to 4: whose the records are, and where a loop over them ends at last.
 */
public final class Consumer {
  private static final String TYPE = "org.apache.kafka.clients.consumer.KafkaConsumer";

  private Consumer() {}

  /** The group of consumers, for Kafka clients 2.0 to 4. */
  @Weave(
      type = TYPE,
      method =
          "<init>(org.apache.kafka.clients.consumer.ConsumerConfig,"
              + "org.apache.kafka.common.serialization.Deserializer,"
              + "org.apache.kafka.common.serialization.Deserializer)",
      state = true)
  public static final class Create {
    private Create() {}

    @Advice.OnMethodExit(inline = false, suppress = Throwable.class)
    public static void exit(
        @Advice.This KafkaConsumer<?, ?> consumer, @Advice.Argument(0) ConsumerConfig config) {
      Client.of(consumer, config.getString(ConsumerConfig.GROUP_ID_CONFIG));
    }
  }

  /** Polls for Kafka clients 2.0 to 4. */
  @Weave(
      type = TYPE,
      method = {"poll(java.time.Duration)", "poll(long)"},
      state = true)
  public static final class Poll {
    private Poll() {}

    @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
    public static @Nullable MessagingSpan enter(@Advice.This KafkaConsumer<?, ?> consumer) {
      endLoop(consumer);
      Span current = Span.current();
      return Tracing.receiveSpans() || current != null && !current.isEnded()
          ? MessagingSpan.receive("kafka", "poll", null)
          : null;
    }

    @Advice.OnMethodExit(inline = false, onThrowable = Throwable.class, suppress = Throwable.class)
    public static void exit(
        @Advice.This KafkaConsumer<?, ?> consumer,
        @Advice.Enter @Nullable MessagingSpan span,
        @Advice.Return @Nullable ConsumerRecords<?, ?> records,
        @Advice.Thrown @Nullable Throwable thrown) {
      if (records != null && !records.isEmpty() && Tracing.on()) {
        Client client = Client.of(consumer);
        for (TopicPartition partition : records.partitions()) {
          client.delivered(partition.topic(), records.records(partition).size());
        }
        if (span != null) {
          received(span, client, records);
        }
        // Kafka Streams only sorts the records into queues of its own: no loop to trace.
        if (!isStreams(Thread.currentThread())) {
          Client.ATTACHED.set(records, client);
        }
      } else if (span != null && thrown != null && !(thrown instanceof WakeupException)) {
        span.end(thrown);
      }
    }

    private static void received(MessagingSpan span, Client client, ConsumerRecords<?, ?> records) {
      Set<TopicPartition> partitions = records.partitions();
      span.destination(commonTopic(partitions));
      client.group(span);
      if (span.exported()) {
        client.describe(span);
        if (partitions.size() == 1) {
          int partition = partitions.iterator().next().partition();
          span.set(Names.MESSAGING_DESTINATION_PARTITION_ID, Integer.toString(partition));
        }
        span.messages(records.count());
        for (ConsumerRecord<?, ?> record : records) {
          span.link(record.headers(), RecordHeaders.INSTANCE);
        }
      }
      span.end();
    }
  }

  /** Closing for Kafka clients 2.0 to 4. */
  @Weave(
      type = TYPE,
      method = {
        "close()",
        "close(java.time.Duration)",
        "close(long,java.util.concurrent.TimeUnit)",
        "close(org.apache.kafka.clients.consumer.CloseOptions)"
      })
  public static final class Close {
    private Close() {}

    @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
    public static void enter(@Advice.This KafkaConsumer<?, ?> consumer) {
      endLoop(consumer);
    }
  }

  private static void endLoop(KafkaConsumer<?, ?> consumer) {
    Client client = Client.ATTACHED.get(consumer);
    if (client != null) {
      MessagingSpan.endLoop(client);
    }
  }

  static boolean isStreams(Thread thread) {
    return thread.getClass().getName().startsWith("org.apache.kafka.streams.");
  }

  /** The topic where there is only one, else null. */
  static @Nullable String commonTopic(Set<TopicPartition> partitions) {
    Iterator<TopicPartition> all = partitions.iterator();
    String topic = all.hasNext() ? all.next().topic() : null;
    while (all.hasNext()) {
      if (!all.next().topic().equals(topic)) {
        return null;
      }
    }
    return topic;
  }
}
