package io.sonde.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import org.junit.jupiter.api.Test;

class RoutesTest {
  private final Routes routes = new Routes();

  @Test
  void of_pairs_haveOneSlashBetween() {
    assertEquals("/shop/items/{id}", routes.of("/shop", "/items/{id}"));
    assertEquals("/shop/items", routes.of("/shop/", "items"));
    assertEquals("/items", routes.of("", "/items"));
    assertEquals("/shop", routes.of("/shop", ""));
    assertEquals("/", routes.of("", ""));
  }

  @Test
  void of_again_isTheSameString() {
    assertSame(routes.of("/a", "/b"), routes.of("/a", "/b"));
  }

  @Test
  void of_tooMany_isNull() {
    assertEquals("/known/0", routes.of("/known", "/0"));
    for (int i = 0; i < Routes.MAX; i++) {
      routes.of("/many", "/" + i);
    }
    assertNull(routes.of("/many", "/one-more"));
    assertEquals("/known/0", routes.of("/known", "/0"));
  }
}
