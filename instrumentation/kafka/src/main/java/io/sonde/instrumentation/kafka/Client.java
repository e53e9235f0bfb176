package io.sonde.instrumentation.kafka;

import io.sonde.core.Attached;
import io.sonde.core.MessagingSpan;
import io.sonde.core.Names;
import java.lang.reflect.Method;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.MetricName;
import org.jspecify.annotations.Nullable;

/**
 * What the spans of one producer or consumer have in common. Attached to it, and to the records
 * that a consumer got, by which their loop knows whose they are.
 */
final class Client {
  static final Attached<Client> ATTACHED = new Attached<>();

  private final String id;
  private final @Nullable String group;

  /** Whether a loop over the records is the work on them, one by one. */
  final boolean loops;

  private Client(String id, @Nullable String group, boolean loops) {
    this.id = id;
    this.group = group;
    this.loops = loops;
  }

  /** The same client, for records that are worked on together. */
  Client ofBatches() {
    return new Client(id, group, false);
  }

  /** The client of these records where a loop over them is to be traced. */
  static @Nullable Client looping(ConsumerRecords<?, ?> records) {
    Client client = ATTACHED.get(records);
    return client != null && client.loops ? client : null;
  }

  static Client of(KafkaProducer<?, ?> producer) {
    Client client = ATTACHED.get(producer);
    if (client == null) {
      client = new Client(id(producer.metrics().keySet()), null, true);
      ATTACHED.set(producer, client);
    }
    return client;
  }

  /** Of a consumer that is being made; a group is null where it is not known or not used. */
  static Client of(KafkaConsumer<?, ?> consumer, @Nullable String group) {
    Client client = ATTACHED.get(consumer);
    if (client == null) {
      String named = group == null || group.isEmpty() ? null : group;
      client = new Client(id(consumer.metrics().keySet()), named, true);
      ATTACHED.set(consumer, client);
    }
    return client;
  }

  /** Of a consumer that may be older than the agent. */
  static Client of(KafkaConsumer<?, ?> consumer) {
    Client client = ATTACHED.get(consumer);
    return client != null ? client : of(consumer, group(consumer));
  }

  /** What a consumer of clients 2.5 and newer says of its group. */
  private static @Nullable String group(KafkaConsumer<?, ?> consumer) {
    try {
      Method metadata = KafkaConsumer.class.getMethod("groupMetadata");
      Method id = metadata.getReturnType().getMethod("groupId");
      return (String) id.invoke(metadata.invoke(consumer));
    } catch (ReflectiveOperationException | RuntimeException e) {
      return null; // It has none, or is too old to say so.
    }
  }

  /** The client id as it is in use, made up where none was configured: every metric has it. */
  private static String id(Iterable<MetricName> metrics) {
    for (MetricName metric : metrics) {
      Map<String, String> tags = metric.tags();
      String id = tags.get("client-id");
      if (id != null) {
        return id;
      }
    }
    return "";
  }

  /** A poll got so many records of a topic. */
  void delivered(String topic, int records) {
    MessagingSpan.delivered("kafka", "poll", topic, group, records);
  }

  /** Says whose group it is, also where the span does not leave. */
  void group(MessagingSpan span) {
    span.group(group);
  }

  void describe(MessagingSpan span) {
    if (!id.isEmpty()) {
      span.set(Names.MESSAGING_CLIENT_ID, id);
    }
  }

  /** Sets what a record has on both sides; keys only of types whose text is the same everywhere. */
  static void describe(MessagingSpan span, @Nullable Object key, @Nullable Object value) {
    if (key instanceof String
        || key instanceof Long
        || key instanceof Integer
        || key instanceof Short
        || key instanceof UUID) {
      span.set(Names.MESSAGING_KAFKA_MESSAGE_KEY, key.toString());
    }
    if (value == null) {
      span.set(Names.MESSAGING_KAFKA_MESSAGE_TOMBSTONE, true);
    }
  }
}
