package io.sonde.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.Arrays;
import java.util.Collections;
import org.junit.jupiter.api.Test;

class ServletMappingsTest {
  private final ServletMappings mappings =
      new ServletMappings("/shop", Arrays.asList("/", "/cart", "/files/*", "*.do", ""));

  @Test
  void route_exactPrefixExtensionAndRoot_areTheirPatterns() {
    assertEquals("/shop/cart", mappings.route("/cart", null));
    assertEquals("/shop/files/*", mappings.route("/files", "/a/b"));
    assertEquals("/shop/files/*", mappings.route("/files", null));
    assertEquals("/shop/*.do", mappings.route("/some/thing.do", null));
    assertEquals("/shop/", mappings.route("", "/"));
  }

  @Test
  void route_default_isNone() {
    assertNull(mappings.route("/anything", null));
    assertNull(mappings.route("/", null));
  }

  @Test
  void route_everything_isThePattern() {
    ServletMappings all = new ServletMappings(null, Collections.singleton("/*"));
    assertEquals("/*", all.route("", "/any"));
    assertEquals("/*", all.route(null, null));
  }
}
