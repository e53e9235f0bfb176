package app;

import java.lang.reflect.Method;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;
import org.springframework.kafka.listener.BatchMessageListener;
import org.springframework.kafka.listener.ContainerProperties;
import org.springframework.kafka.listener.KafkaMessageListenerContainer;
import org.springframework.kafka.listener.MessageListener;

/** Spring Kafka's listener containers, for records and for batches, with a failure each. */
public final class SpringKafkaMain {
  private static final Set<String> FAILED = ConcurrentHashMap.newKeySet();
  private static final CountDownLatch RECORDS = new CountDownLatch(3);
  private static final CountDownLatch BATCH = new CountDownLatch(3);
  private static String bootstrap;
  private static String prefix;

  public static void main(String[] args) throws Exception {
    bootstrap = args[0];
    prefix = args[1];
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(config(), new StringSerializer(), new StringSerializer())) {
      for (String topic : new String[] {"records", "batch"}) {
        for (String value : new String[] {"first", "bad", "last"}) {
          producer.send(new ProducerRecord<>(prefix + "." + topic, value)).get();
        }
      }
    }
    ContainerProperties ofRecords = new ContainerProperties(prefix + ".records");
    ofRecords.setMessageListener((MessageListener<String, String>) SpringKafkaMain::onRecord);
    ContainerProperties ofBatches = new ContainerProperties(prefix + ".batch");
    ofBatches.setMessageListener((BatchMessageListener<String, String>) SpringKafkaMain::onBatch);
    start(ofRecords, "g-records");
    start(ofBatches, "g-batch");
    if (!RECORDS.await(60, TimeUnit.SECONDS) || !BATCH.await(60, TimeUnit.SECONDS)) {
      System.out.println("MISSING " + RECORDS + BATCH);
    }
    System.out.println("DONE");
    Thread.sleep(60_000);
  }

  private static void onRecord(ConsumerRecord<String, String> record) {
    say("record." + record.value(), ids());
    failOnce("record." + record.value());
    RECORDS.countDown();
  }

  private static void onBatch(List<ConsumerRecord<String, String>> records) {
    say("batch." + records.size(), ids());
    for (ConsumerRecord<String, String> record : records) {
      failOnce("batch." + record.value());
    }
    for (ConsumerRecord<String, String> record : records) {
      BATCH.countDown();
    }
  }

  private static void failOnce(String what) {
    if (what.endsWith(".bad") && FAILED.add(what)) {
      throw new UnsupportedOperationException("cannot do " + what);
    }
  }

  private static void start(ContainerProperties properties, String group) {
    properties.setGroupId(group + "-" + prefix);
    properties.setPollTimeout(500);
    Map<String, Object> config = config();
    config.put("auto.offset.reset", "earliest");
    config.put("client.id", "c-" + group);
    KafkaMessageListenerContainer<String, String> container =
        new KafkaMessageListenerContainer<>(
            new DefaultKafkaConsumerFactory<>(
                config, new StringDeserializer(), new StringDeserializer()),
            properties);
    container.setBeanName(group);
    container.start();
  }

  private static Map<String, Object> config() {
    return new HashMap<>(Collections.singletonMap("bootstrap.servers", bootstrap));
  }

  private static synchronized void say(String point, String text) {
    System.out.println("AT " + point + " " + text);
  }

  /** Trace and span that a log would show here. */
  private static String ids() {
    try {
      Class<?> type = Class.forName("io.sonde.core.LogIds", true, null);
      Method current = type.getMethod("current");
      Object ids = current.invoke(null);
      return ids == null
          ? "-"
          : type.getField("traceId").get(ids) + "-" + type.getField("spanId").get(ids);
    } catch (ReflectiveOperationException e) {
      return e.toString();
    }
  }

  private SpringKafkaMain() {}
}
