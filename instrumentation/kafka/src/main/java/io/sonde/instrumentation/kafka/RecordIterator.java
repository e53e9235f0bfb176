package io.sonde.instrumentation.kafka;

import io.sonde.core.MessagingSpan;
import io.sonde.core.Names;
import java.util.Iterator;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** Between two calls of the loop on its iterator, the record is worked on. */
public final class RecordIterator<K, V> implements Iterator<ConsumerRecord<K, V>> {
  private final Iterator<ConsumerRecord<K, V>> iterator;
  private final Client client;
  private @Nullable MessagingSpan turn;

  RecordIterator(Iterator<ConsumerRecord<K, V>> iterator, Client client) {
    this.iterator = iterator;
    this.client = client;
  }

  @Override
  public boolean hasNext() {
    endTurn();
    return iterator.hasNext();
  }

  @Override
  public ConsumerRecord<K, V> next() {
    endTurn();
    ConsumerRecord<K, V> record = iterator.next();
    turn = start(record);
    return record;
  }

  @Override
  public void remove() {
    iterator.remove();
  }

  /** What is left, for those who only collect it. */
  public Iterator<ConsumerRecord<K, V>> untraced() {
    return iterator;
  }

  private void endTurn() {
    MessagingSpan span = turn;
    if (span != null) {
      turn = null;
      span.endTurn();
    }
  }

  private @Nullable MessagingSpan start(ConsumerRecord<K, V> record) {
    try {
      MessagingSpan span =
          MessagingSpan.turn(
              "kafka", "process", record.topic(), record.headers(), RecordHeaders.INSTANCE, client);
      if (span != null) {
        client.group(span);
      }
      if (span != null && span.exported()) {
        client.describe(span);
        span.set(Names.MESSAGING_DESTINATION_PARTITION_ID, Integer.toString(record.partition()));
        span.set(Names.MESSAGING_KAFKA_OFFSET, record.offset());
        Client.describe(span, record.key(), record.value());
      }
      return span;
    } catch (RuntimeException | LinkageError mine) {
      // No fence is around this: the application calls it itself.
      return null;
    }
  }
}
