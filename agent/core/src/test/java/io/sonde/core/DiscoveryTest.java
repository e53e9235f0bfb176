package io.sonde.core;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DiscoveryTest {
  private final List<String> found = new ArrayList<>();

  @AfterEach
  void stop() {
    Discovery.finder((type, role) -> {});
  }

  private void listen() {
    Discovery.finder((type, role) -> found.add(type.getSimpleName() + ' ' + role));
  }

  @Test
  void eachClass_isFoundOnceForEachRole() {
    listen();
    class First {}
    class Second {}
    Discovery.seen(new First(), "test-driver");
    Discovery.seen(new First(), "test-driver");
    Discovery.seen(new Second(), "test-driver");
    Discovery.seen(new First(), "test-listener");
    Discovery.seen(null, "test-driver");
    assertEquals(
        Arrays.asList("First test-driver", "Second test-driver", "First test-listener"), found);
  }

  @Test
  void seenBeforeAnyoneListens_isFoundLater() {
    class Early {}
    Discovery.finder(null);
    Discovery.seen(new Early(), "test-driver");
    listen();
    Discovery.seen(new Early(), "test-driver");
    assertEquals(Collections.singletonList("Early test-driver"), found);
  }
}
