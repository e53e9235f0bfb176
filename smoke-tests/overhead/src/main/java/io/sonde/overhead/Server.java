package io.sonde.overhead;

import io.sonde.testing.ForkedJvm;
import io.sonde.testing.Jdk;
import io.sonde.testing.Ports;
import io.sonde.testing.ShopLoad;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A shop that stays alive, with its load, its sink and its counters. */
final class Server implements AutoCloseable {
  private static final int CONNECTIONS = 2;

  /** A thread of the JIT that ends takes what it has used along. */
  private static final String COUNTABLE_JIT = "-XX:-UseDynamicNumberOfCompilerThreads";

  /** The JIT's share of a server's CPU below which it is quiet, and for how many looks in a row. */
  private static final double QUIET = 0.05;

  private static final int QUIET_LOOKS = 3;

  private final Variant variant;
  private final Sinks sinks;
  private final ForkedJvm jvm;
  private final ShopLoad load;
  private final AllocationProbe allocation;
  private long unexpected;
  private int calm;

  Server(Jdk jdk, Path shopJar, Variant variant, List<String> jvmArgs, int stockPort)
      throws InterruptedException {
    this.variant = variant;
    this.sinks = new Sinks();
    int port = Ports.free();
    this.jvm =
        variant
            .apply(
                Subject.shop(shopJar)
                    .launcher()
                    .on(jdk, port)
                    .jvmArg(jvmArgs.toArray(String[]::new))
                    .jvmArg(COUNTABLE_JIT)
                    .arg("--shop.stock-url=http://127.0.0.1:" + stockPort),
                sinks)
            .start();
    Start.awaitAnswer(jvm, port, "/products/1");
    this.load = new ShopLoad(port, CONNECTIONS);
    this.allocation = new AllocationProbe(jvm.pid());
  }

  Variant variant() {
    return variant;
  }

  long pid() {
    return jvm.pid();
  }

  long spans() {
    return sinks.spans().counts().spans();
  }

  ProfileSink.Counts profiles() {
    return sinks.profiles().counts();
  }

  /** Requests that were answered by another status than they should. */
  long unexpected() {
    return unexpected;
  }

  /** As many requests as are answered; returns how many a second. */
  double flatOut(int requests) throws InterruptedException {
    long cpuBefore = Proc.cpuMillis(pid());
    long jitBefore = Proc.jitMillis(pid());
    ShopLoad.Result result = load.run(requests, 0);
    unexpected += result.unexpected();
    double jit = Proc.jitMillis(pid()) - jitBefore;
    calm = jit < QUIET * (Proc.cpuMillis(pid()) - cpuBefore) ? calm + 1 : 0;
    return result.requests() * 1e9 / result.wallNanos();
  }

  /** Whether the JIT has little left to do. */
  boolean isWarm() {
    return calm >= QUIET_LOOKS;
  }

  /** Paced requests, and what they cost until the exporter, too, is done with them. */
  Slice slice(int requests, int rate, long settleMillis) throws InterruptedException {
    Map<Long, Long> allocatedBefore = allocation.read();
    long cpuBefore = Proc.cpuMillis(pid());
    long jitBefore = Proc.jitMillis(pid());
    double ownBefore = Proc.ownMillis(pid());
    ShopLoad.Result result = load.run(requests, rate);
    Thread.sleep(settleMillis);
    double own = Proc.ownMillis(pid()) - ownBefore;
    long cpu = Proc.cpuMillis(pid()) - cpuBefore;
    long jit = Proc.jitMillis(pid()) - jitBefore;
    long allocated = AllocationProbe.between(allocatedBefore, allocation.read());
    unexpected += result.unexpected();
    return new Slice(result.requests(), cpu, jit, own, allocated, result.latencies());
  }

  /** Paced requests, and all that the process did meanwhile. */
  Together.Load load(int requests, int rate) throws InterruptedException {
    ProfileSink.Counts profilesBefore = profiles();
    double ownBefore = Proc.ownMillis(pid());
    long jitBefore = Proc.jitMillis(pid());
    long cpuBefore = Proc.cpuMillis(pid());
    ShopLoad.Result result = load.run(requests, rate);
    unexpected += result.unexpected();
    return new Together.Load(
        result.requests(),
        result.wallNanos() / 1e9,
        Proc.cpuMillis(pid()) - cpuBefore,
        Proc.jitMillis(pid()) - jitBefore,
        Proc.ownMillis(pid()) - ownBefore,
        profiles().since(profilesBefore));
  }

  @Override
  public void close() {
    allocation.close();
    jvm.close();
    sinks.close();
  }
}
