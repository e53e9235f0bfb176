package app;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.admin.AdminClient;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** The clients of one run, and the topics that are theirs alone. */
final class Clients {
  private static String bootstrap;
  private static String prefix;
  private static boolean consumerProtocol;

  private Clients() {}

  static void of(String bootstrap, String prefix, boolean consumerProtocol) {
    Clients.bootstrap = bootstrap;
    Clients.prefix = prefix;
    Clients.consumerProtocol = consumerProtocol;
  }

  /** All at once, which is faster than to wait for each. */
  static void createTopics(String names) throws Exception {
    List<NewTopic> topics = new ArrayList<>();
    for (String name : names.split(" ")) {
      topics.add(new NewTopic(topic(name), 1, (short) 1));
    }
    try (AdminClient admin = AdminClient.create(config("admin"))) {
      admin.createTopics(topics).all().get();
    }
  }

  static ConsumerRecords<String, String> poll(
      KafkaConsumer<String, String> consumer, String name) {
    for (int i = 0; i < 100; i++) {
      ConsumerRecords<String, String> records = consumer.poll(Duration.ofMillis(200));
      if (!records.isEmpty()) {
        return records;
      }
    }
    throw new AssertionError("nothing came from " + name);
  }

  static KafkaConsumer<String, String> consumer(String name) {
    KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(
            consumerConfig(name), new StringDeserializer(), new StringDeserializer());
    consumer.assign(Collections.singletonList(new TopicPartition(topic(name), 0)));
    return consumer;
  }

  static Properties consumerConfig(String name) {
    Properties config = new Properties();
    config.put("bootstrap.servers", bootstrap);
    config.put("client.id", "c-" + name);
    config.put("group.id", "g-" + topic(name));
    config.put("auto.offset.reset", "earliest");
    config.put("enable.auto.commit", "false");
    if (consumerProtocol && !name.equals("group")) {
      config.put("group.protocol", "consumer");
    }
    return config;
  }

  static KafkaProducer<String, String> producer(String id) {
    return new KafkaProducer<>(config(id), new StringSerializer(), new StringSerializer());
  }

  static Properties config(String id) {
    Properties config = new Properties();
    config.put("bootstrap.servers", bootstrap);
    config.put("client.id", id);
    return config;
  }

  interface Bytes {
    byte[] of(Object value);
  }

  static <T> Serializer<T> serializer(Bytes bytes) {
    return new Serializer<T>() {
      @Override
      public void configure(Map<String, ?> config, boolean isKey) {}

      @Override
      public byte[] serialize(String topic, T data) {
        return bytes.of(data);
      }

      @Override
      public void close() {}
    };
  }

  static String topic(String name) {
    return prefix + "." + name;
  }

  /** A name that no other run has. */
  static String named(String name) {
    return name + "-" + prefix;
  }
}
