package app;

import java.time.Duration;
import java.util.Collections;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;

/** A topology between a producer and a consumer. */
public final class KafkaStreamsMain {
  public static void main(String[] args) throws Exception {
    Properties config = new Properties();
    config.put("bootstrap.servers", args[0]);
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(config, new StringSerializer(), new StringSerializer())) {
      producer.send(new ProducerRecord<>("in", "k", "small")).get();
      producer.send(new ProducerRecord<>("out", 0, "k", "first")).get();
    }
    StreamsBuilder topology = new StreamsBuilder();
    topology.<String, String>stream("in").mapValues(value -> value.toUpperCase()).to("out");
    Properties streams = new Properties();
    streams.putAll(config);
    streams.put("application.id", "topology");
    streams.put("auto.offset.reset", "earliest");
    streams.put("default.key.serde", Serdes.StringSerde.class.getName());
    streams.put("default.value.serde", Serdes.StringSerde.class.getName());
    streams.put("state.dir", args[1]);
    streams.put("commit.interval.ms", "100");
    KafkaStreams running = new KafkaStreams(topology.build(), streams);
    running.start();
    config.put("auto.offset.reset", "earliest");
    config.put("group.id", "end");
    try (KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(config, new StringDeserializer(), new StringDeserializer())) {
      consumer.assign(Collections.singletonList(new TopicPartition("out", 0)));
      for (boolean came = false; !came; ) {
        ConsumerRecords<String, String> records = consumer.poll(Duration.ofMillis(500));
        for (ConsumerRecord<String, String> record : records) {
          came |= record.value().equals("SMALL");
        }
      }
    }
    System.out.println("DONE");
    Thread.sleep(60_000);
  }

  private KafkaStreamsMain() {}
}
