package io.sonde.instrumentation.kafka;

import java.util.AbstractList;
import java.util.Iterator;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * A partition's records, of which only the plain loop is traced: the rest looks at many at once.
 */
final class RecordList<K, V> extends AbstractList<ConsumerRecord<K, V>> {
  private final List<ConsumerRecord<K, V>> list;
  private final Client client;

  RecordList(List<ConsumerRecord<K, V>> list, Client client) {
    this.list = list;
    this.client = client;
  }

  @Override
  public Iterator<ConsumerRecord<K, V>> iterator() {
    return new RecordIterator<>(list.iterator(), client);
  }

  @Override
  public ConsumerRecord<K, V> get(int index) {
    return list.get(index);
  }

  @Override
  public int size() {
    return list.size();
  }

  @Override
  public List<ConsumerRecord<K, V>> subList(int from, int to) {
    return list.subList(from, to);
  }

  @Override
  public Object[] toArray() {
    return list.toArray();
  }

  @Override
  public <T> T[] toArray(T[] array) {
    return list.toArray(array);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return list.equals(other instanceof RecordList ? ((RecordList<?, ?>) other).list : other);
  }

  @Override
  public int hashCode() {
    return list.hashCode();
  }

  @Override
  public String toString() {
    return list.toString();
  }
}
