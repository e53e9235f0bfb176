package app;

import static app.Clients.config;
import static app.Clients.consumer;
import static app.Clients.consumerConfig;
import static app.Clients.named;
import static app.Clients.poll;
import static app.Clients.producer;
import static app.Clients.serializer;
import static app.Clients.topic;
import static app.Points.at;
import static app.Points.say;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Sends and consumes in all the ways that people do; says at each point which span it is under. */
public final class KafkaMain {
  public static void main(String[] args) throws Exception {
    Clients.of(args[0], args[1], args.length > 2);
    Clients.createTopics(
        "plain passed again tombstone rawkey break thrown dies loops pool outer inner collected"
            + " group refused deadletter unserializable transaction intercepted.renamed");
    try (KafkaProducer<String, String> producer = producer(named("p"))) {
      plain(producer);
      again(producer);
      keys(producer);
      leftByBreak(producer);
      leftByException(producer);
      otherLoops(producer);
      handedOver(producer);
      pollInside(producer);
      collected(producer);
      group(producer);
    }
    refused();
    unserializable();
    transactional();
    intercepted();
    System.out.println("DONE");
    Thread.sleep(60_000);
  }

  private static void plain(KafkaProducer<String, String> producer) throws Exception {
    producer.send(
        new ProducerRecord<>(topic("plain"), "key-1", "value"),
        (metadata, failure) -> at("plain.callback"));
    producer.flush();
    at("plain.sent");
    try (KafkaConsumer<String, String> consumer = consumer("plain")) {
      ConsumerRecords<String, String> records = poll(consumer, "plain");
      for (ConsumerRecord<String, String> record : records) {
        at("plain.body");
        producer.send(
            new ProducerRecord<>(topic("passed"), record.value()),
            (metadata, failure) -> at("passed.callback"));
        producer.flush();
        at("plain.body.end");
      }
      at("plain.after");
    }
  }

  /** A record whose headers were closed by its first send, and a header of the application's own. */
  private static void again(KafkaProducer<String, String> producer) throws Exception {
    ProducerRecord<String, String> record = new ProducerRecord<>(topic("again"), "k", "v");
    record.headers().add("own", "mine".getBytes(StandardCharsets.UTF_8));
    producer.send(record).get();
    producer.send(record).get();
    try (KafkaConsumer<String, String> consumer = consumer("again")) {
      int count = 0;
      while (count < 2) {
        for (ConsumerRecord<String, String> got : consumer.poll(Duration.ofMillis(500))) {
          String own = new String(got.headers().lastHeader("own").value(), StandardCharsets.UTF_8);
          int parents = 0;
          for (Object ignored : got.headers().headers("traceparent")) {
            parents++;
          }
          say("again", own + " " + parents);
          count++;
        }
      }
    }
  }

  private static void keys(KafkaProducer<String, String> producer) throws Exception {
    producer.send(new ProducerRecord<String, String>(topic("tombstone"), "gone", null)).get();
    Properties config = config(named("raw"));
    try (KafkaProducer<byte[], String> raw =
        new KafkaProducer<>(config, serializer(bytes -> (byte[]) bytes), new StringSerializer())) {
      raw.send(new ProducerRecord<>(topic("rawkey"), new byte[] {1, 2}, "v")).get();
    }
  }

  private static void leftByBreak(KafkaProducer<String, String> producer) throws Exception {
    three(producer, "break");
    try (KafkaConsumer<String, String> consumer = consumer("break")) {
      for (ConsumerRecord<String, String> record : poll(consumer, "break")) {
        at("break.body");
        break;
      }
      at("break.after");
      consumer.poll(Duration.ZERO);
      at("break.polled");
    }
  }

  private static void leftByException(KafkaProducer<String, String> producer) throws Exception {
    three(producer, "thrown");
    try (KafkaConsumer<String, String> consumer = consumer("thrown")) {
      for (ConsumerRecord<String, String> record : poll(consumer, "thrown")) {
        at("thrown.body");
        throw new IllegalStateException("cannot");
      }
    } catch (IllegalStateException expected) {
      at("thrown.closed");
    }
    ExecutorService pool = Executors.newSingleThreadExecutor();
    KafkaConsumer<String, String> consumer = consumer("dies");
    three(producer, "dies");
    ConsumerRecords<String, String> records = poll(consumer, "dies");
    Future<?> dying =
        pool.submit(
            () -> {
              for (ConsumerRecord<String, String> record : records) {
                at("dies.body");
                throw new IllegalStateException("cannot");
              }
            });
    try {
      dying.get();
    } catch (ExecutionException expected) {
      pool.submit(() -> at("dies.next")).get();
    }
    consumer.close();
    pool.shutdown();
  }

  private static void otherLoops(KafkaProducer<String, String> producer) throws Exception {
    three(producer, "loops");
    TopicPartition partition = new TopicPartition(topic("loops"), 0);
    try (KafkaConsumer<String, String> consumer = consumer("loops")) {
      ConsumerRecords<String, String> records = poll(consumer, "loops");
      for (ConsumerRecord<String, String> record : records.records(partition)) {
        at("loops.partition");
      }
      at("loops.after");
      for (ConsumerRecord<String, String> record : records.records(topic("loops"))) {
        at("loops.topic");
      }
      at("loops.after");
      StreamSupport.stream(records.spliterator(), false).forEach(record -> at("loops.stream"));
      at("loops.after");
      records.forEach(record -> at("loops.forEach"));
      at("loops.after");
      Iterator<ConsumerRecord<String, String>> iterator = records.iterator();
      iterator.next();
      at("loops.next");
      iterator.next();
      iterator.next();
      iterator.hasNext();
      at("loops.after");
    }
  }

  private static void handedOver(KafkaProducer<String, String> producer) throws Exception {
    three(producer, "pool");
    ExecutorService pool = Executors.newSingleThreadExecutor();
    try (KafkaConsumer<String, String> consumer = consumer("pool")) {
      for (ConsumerRecord<String, String> record : poll(consumer, "pool")) {
        at("pool.body");
        pool.submit(() -> at("pool.worker")).get();
        at("pool.body.end");
      }
    }
    pool.shutdown();
  }

  /** Polls while a message is worked on, which makes the poll part of its trace. */
  private static void pollInside(KafkaProducer<String, String> producer) throws Exception {
    three(producer, "inner");
    producer.send(new ProducerRecord<>(topic("outer"), "v")).get();
    try (KafkaConsumer<String, String> outer = consumer("outer");
        KafkaConsumer<String, String> inner = consumer("inner")) {
      for (ConsumerRecord<String, String> record : poll(outer, "outer")) {
        at("outer.body");
        poll(inner, "inner");
        at("outer.body.end");
      }
    }
  }

  /** Looks at records without a loop over them. */
  private static void collected(KafkaProducer<String, String> producer) throws Exception {
    three(producer, "collected");
    try (KafkaConsumer<String, String> consumer = consumer("collected")) {
      ConsumerRecords<String, String> records = poll(consumer, "collected");
      Object[] all =
          new ArrayList<>(records.records(new TopicPartition(topic("collected"), 0)))
              .toArray();
      say("collected", records.count() + " " + all.length + " " + records.isEmpty());
      at("collected.after");
    }
  }

  private static void group(KafkaProducer<String, String> producer) throws Exception {
    producer.send(new ProducerRecord<>(topic("group"), "v")).get();
    Properties config = consumerConfig("group");
    config.remove("client.id");
    try (KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(config, new StringDeserializer(), new StringDeserializer())) {
      consumer.subscribe(Collections.singletonList(topic("group")));
      ConsumerRecords<String, String> records = ConsumerRecords.empty();
      for (int i = 0; i < 100 && records.isEmpty(); i++) {
        records = consumer.poll(Duration.ofMillis(200));
      }
      for (ConsumerRecord<String, String> record : records) {
        at("group.body");
      }
      consumer.commitSync();
    }
  }

  private static void refused() {
    Properties config = config(named("small"));
    config.put("max.request.size", "1000");
    try (KafkaProducer<String, String> small =
        new KafkaProducer<>(config, new StringSerializer(), new StringSerializer())) {
      char[] large = new char[2000];
      Arrays.fill(large, 'x');
      small.send(
          new ProducerRecord<>(topic("refused"), new String(large)),
          (metadata, failure) -> {
            at("refused.callback");
            small.send(new ProducerRecord<>(topic("deadletter"), "too large"));
          });
      at("refused.after");
    }
  }

  private static void unserializable() {
    Serializer<Object> failing =
        serializer(
            value -> {
              throw new SerializationException("cannot write " + value);
            });
    try (KafkaProducer<Object, Object> producer =
        new KafkaProducer<>(config(named("bad")), failing, failing)) {
      producer.send(new ProducerRecord<>(topic("unserializable"), 1, 2));
    } catch (SerializationException expected) {
      at("unserializable.after");
    }
  }

  private static void transactional() throws Exception {
    Properties config = config(named("tx"));
    config.put("transactional.id", named("tx"));
    config.put("acks", "all");
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(config, new StringSerializer(), new StringSerializer())) {
      producer.initTransactions();
      producer.beginTransaction();
      producer.send(new ProducerRecord<>(topic("transaction"), "v"));
      producer.commitTransaction();
    }
  }

  private static void intercepted() throws Exception {
    Properties config = config(named("int"));
    config.put("interceptor.classes", Renaming.class.getName());
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(config, new StringSerializer(), new StringSerializer())) {
      producer.send(new ProducerRecord<>(topic("intercepted"), "v")).get();
    }
  }

  private static void three(KafkaProducer<String, String> producer, String name) {
    for (int i = 0; i < 3; i++) {
      producer.send(new ProducerRecord<>(topic(name), "v" + i));
    }
    producer.flush();
  }

  private KafkaMain() {}
}
