package io.sonde.weaver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A class that is no target costs one look-up and allocates nothing, discovered names or not. */
class MissTest {
  private static final int CLASSES = 10_000;

  private final Index index = new Index(lines(), library -> true);
  private final Transformer transformer = new Transformer(index, null, null, null, null);

  private static List<String> lines() {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      lines.add(
          "io/sonde/instrumentation/lib/Advice"
              + i
              + "\torg/lib/Target"
              + i
              + "\trun()\t-\t-\t-\t-");
    }
    lines.add("@driver\t\t-\tjava.sql.Driver");
    lines.add("io/sonde/instrumentation/lib/Driver\t@driver\trun()\t-\t-\t-\t-");
    return lines;
  }

  private long bytesOfMisses() {
    String[] names = new String[CLASSES];
    for (int i = 0; i < CLASSES; i++) {
      names[i] = "com/example/shop/orders/OrderService" + i;
    }
    byte[] none = {};
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long thread = Thread.currentThread().getId();
    assertNull(transformer.transform(null, "com/example/Warm", null, null, none));
    threads.getThreadAllocatedBytes(thread);
    ClassLoader loader = MissTest.class.getClassLoader();
    int woven = 0;
    long before = threads.getThreadAllocatedBytes(thread);
    for (String name : names) {
      woven += transformer.transform(loader, name, null, null, none) == null ? 0 : 1;
    }
    long bytes = threads.getThreadAllocatedBytes(thread) - before;
    assertEquals(0, woven);
    return bytes;
  }

  @Test
  void miss_allocatesNothing() {
    assertTrue(bytesOfMisses() < CLASSES, "less than a byte a class");
  }

  @Test
  void miss_allocatesNothing_whereNamesWereDiscovered() {
    assertTrue(index.discover("org/driver/Driver", "driver"));
    assertTrue(bytesOfMisses() < CLASSES, "less than a byte a class");
  }

  @Test
  void implementation_isFoundByItsInterface_whereItsNameSaysSo() {
    assertTrue(index.mayImplement("org/acme/AcmeDriver"));
    assertTrue(!index.mayImplement("org/acme/AcmeDrivers"));
    assertNull(index.implementing("org/acme/TaxiDriver", new String[] {"org/acme/Person"}));
    assertEquals(
        1, index.implementing("org/acme/AcmeDriver", new String[] {"java/sql/Driver"}).length);
  }

  @Test
  void hit_isFoundByItsExactName() {
    assertNotNull(index.of("org/lib/Target7"));
    assertNull(index.of("org/lib/Target"));
    assertNull(index.of("org/driver/Driver"));
    assertTrue(index.discover("org/driver/Driver", "driver"));
    assertEquals("lib", index.of("org/driver/Driver")[0].library());
    assertTrue(index.discover("org/driver/Driver", "driver"), "in another loader");
    assertEquals(1, index.of("org/driver/Driver").length);
    assertTrue(!index.discover("org/lib/Target7", "driver"), "known by name");
    assertTrue(!index.discover("org/driver/Other", "unknown"));
  }
}
