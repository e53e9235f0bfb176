package app;

import java.time.Duration;
import java.util.Collections;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** A producer that sends without end, and a consumer that reads what it sends. */
public final class RunningKafka {
  public static void main(String[] args) throws Exception {
    Thread sender = new Thread(() -> send(args[0]), "sender");
    sender.setDaemon(true);
    sender.start();
    Properties config = new Properties();
    config.put("bootstrap.servers", args[0]);
    config.put("group.id", "running");
    config.put("auto.offset.reset", "earliest");
    try (KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(config, new StringDeserializer(), new StringDeserializer())) {
      consumer.subscribe(Collections.singleton("running"));
      int seen = 0;
      while (true) {
        for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(200))) {
          System.out.println("GOT " + record.offset());
          if (++seen == 5) {
            System.out.println("READY 0");
          }
        }
      }
    }
  }

  private static void send(String bootstrap) {
    Properties config = new Properties();
    config.put("bootstrap.servers", bootstrap);
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(config, new StringSerializer(), new StringSerializer())) {
      for (int i = 0; ; i++) {
        producer.send(new ProducerRecord<>("running", "key", "value " + i)).get();
        Thread.sleep(100);
      }
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
