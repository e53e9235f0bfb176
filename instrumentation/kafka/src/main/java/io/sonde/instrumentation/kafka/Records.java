package io.sonde.instrumentation.kafka;

import io.sonde.core.Weave;
import java.util.Iterator;
import java.util.List;
import net.bytebuddy.asm.Advice;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.jspecify.annotations.Nullable;

/** Process spans for Kafka clients 2.0 to 4: what goes over polled records in a loop. */
public final class Records {
  private static final String TYPE = "org.apache.kafka.clients.consumer.ConsumerRecords";

  private Records() {}

  /** Loops over all records, for Kafka clients 2.0 to 4. */
  @Weave(type = TYPE, method = "iterator()", state = true)
  public static final class All {
    private All() {}

    @Advice.OnMethodExit(inline = false, suppress = Throwable.class)
    @Advice.AssignReturned.ToReturned
    public static <K, V> Iterator<ConsumerRecord<K, V>> exit(
        @Advice.This ConsumerRecords<K, V> records,
        @Advice.Return Iterator<ConsumerRecord<K, V>> iterator) {
      Client client = Client.looping(records);
      return client == null ? iterator : new RecordIterator<>(iterator, client);
    }
  }

  /** Loops over one partition's records, for Kafka clients 2.0 to 4. */
  @Weave(type = TYPE, method = "records(org.apache.kafka.common.TopicPartition)", state = true)
  public static final class OfPartition {
    private OfPartition() {}

    @Advice.OnMethodExit(inline = false, suppress = Throwable.class)
    @Advice.AssignReturned.ToReturned
    public static <K, V> List<ConsumerRecord<K, V>> exit(
        @Advice.This ConsumerRecords<K, V> records,
        @Advice.Return List<ConsumerRecord<K, V>> list) {
      Client client = Client.looping(records);
      return client == null || list.isEmpty() ? list : new RecordList<>(list, client);
    }
  }

  /** Loops over one topic's records, for Kafka clients 2.0 to 4. */
  @Weave(type = TYPE, method = "records(java.lang.String)", state = true)
  public static final class OfTopic {
    private OfTopic() {}

    @Advice.OnMethodExit(inline = false, suppress = Throwable.class)
    @Advice.AssignReturned.ToReturned
    public static <K, V> @Nullable Iterable<ConsumerRecord<K, V>> exit(
        @Advice.This ConsumerRecords<K, V> records,
        @Advice.Return @Nullable Iterable<ConsumerRecord<K, V>> iterable) {
      Client client = Client.looping(records);
      return client == null || iterable == null
          ? iterable
          : new Iterable<ConsumerRecord<K, V>>() {
            @Override
            public Iterator<ConsumerRecord<K, V>> iterator() {
              return new RecordIterator<>(iterable.iterator(), client);
            }
          };
    }
  }
}
