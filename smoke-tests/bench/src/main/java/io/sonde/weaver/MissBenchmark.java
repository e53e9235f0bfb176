package io.sonde.weaver;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a class that is no target pays while it is loaded; its name is new to the JVM, as it is
 * then.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class MissBenchmark {
  private static final int CLASSES = 2000;
  private static final byte[] UNREAD = {};

  private final String[] names = new String[CLASSES];
  private Transformer transformer;

  /** An index of 300 targets. */
  @Setup
  public void index() {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      lines.add(
          "io/sonde/instrumentation/lib/A" + i + "\torg/lib/Target" + i + "\trun()\t-\t-\t-\t-");
    }
    transformer = new Transformer(new Index(lines, library -> true), null, null, null, null);
  }

  /** Names without a hash code yet. */
  @Setup(Level.Invocation)
  public void names() {
    for (int i = 0; i < CLASSES; i++) {
      names[i] = "com/example/shop/orders/internal/OrderService" + i;
    }
  }

  /** The classes of an application. */
  @Benchmark
  @OperationsPerInvocation(CLASSES)
  public int miss() {
    int woven = 0;
    for (String name : names) {
      woven += transformer.transform(null, name, null, null, UNREAD) == null ? 0 : 1;
    }
    return woven;
  }
}
