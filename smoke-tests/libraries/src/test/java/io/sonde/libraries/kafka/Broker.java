package io.sonde.libraries.kafka;

import io.sonde.testing.Artifacts;
import io.sonde.testing.ForkedJvm;
import io.sonde.testing.Ports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A Kafka broker of one node in a JVM of its own, on loopback, with its data in a folder that the
 * test gives. Of 3.9: the last one that speaks to clients as old as 2.0.
 */
final class Broker implements AutoCloseable {
  private static final String VERSION = "3.9.1";
  private static final long PATIENCE_NANOS = 60_000_000_000L;

  private final ForkedJvm jvm;
  private final int port;

  private Broker(ForkedJvm jvm, int port) {
    this.jvm = jvm;
    this.port = port;
  }

  static Broker start(Path folder) {
    int port = Ports.free();
    int controller = Ports.free();
    Path data = folder.resolve("data");
    Path config = folder.resolve("server.properties");
    try {
      Files.createDirectories(data);
      Files.write(
          data.resolve("meta.properties"),
          List.of("version=1", "cluster.id=sonde-test-cluster-000", "node.id=1"));
      Files.write(
          config,
          List.of(
              "process.roles=broker,controller",
              "node.id=1",
              "controller.quorum.voters=1@127.0.0.1:" + controller,
              "listeners=PLAINTEXT://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controller,
              "advertised.listeners=PLAINTEXT://127.0.0.1:" + port,
              "controller.listener.names=CONTROLLER",
              "log.dirs=" + data.toString().replace('\\', '/'),
              "auto.create.topics.enable=true",
              "group.initial.rebalance.delay.ms=0",
              "offsets.topic.replication.factor=1",
              "offsets.topic.num.partitions=1",
              "transaction.state.log.replication.factor=1",
              "transaction.state.log.min.isr=1",
              "transaction.state.log.num.partitions=1",
              "log.cleaner.enable=false",
              "num.network.threads=1",
              "num.io.threads=2"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    ForkedJvm jvm =
        ForkedJvm.onCurrent()
            .quick()
            .jvmArg("-Xmx256m")
            .classPath(Artifacts.classPath("org.apache.kafka:kafka_2.13:" + VERSION))
            .main("kafka.Kafka")
            .arg(config.toString())
            .start();
    Broker broker = new Broker(jvm, port);
    broker.awaitListening();
    return broker;
  }

  private void awaitListening() {
    long until = System.nanoTime() + PATIENCE_NANOS;
    while (true) {
      try (Socket socket = new Socket()) {
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
        return;
      } catch (IOException notYet) {
        if (!jvm.isAlive() || System.nanoTime() > until) {
          throw jvm.failure("the broker does not listen");
        }
      }
      try {
        Thread.sleep(50);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw jvm.failure("interrupted");
      }
    }
  }

  String bootstrap() {
    return "127.0.0.1:" + port;
  }

  @Override
  public void close() {
    jvm.close();
  }
}
