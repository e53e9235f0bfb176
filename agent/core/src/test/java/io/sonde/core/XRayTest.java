package io.sonde.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** X-Ray's tracing header; the first value is the developer guide's example. */
class XRayTest {
  private static final String EXAMPLE =
      "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1";
  private static final String PARENT = "5759e988bd862e3fe1be46a994272793-53995c3f42cd8ad8";

  private static Wire wire(String header) {
    return Wire.of("xray").header("X-Amzn-Trace-Id", header);
  }

  @Test
  void header_goesOn() {
    assertEquals(PARENT, wire(EXAMPLE).parent());
    String sent = wire(EXAMPLE).out().get("X-Amzn-Trace-Id");
    assertTrue(
        sent.matches("Root=1-5759e988-bd862e3fe1be46a994272793;Parent=[0-9a-f]{16};Sampled=1"),
        sent);
  }

  @Test
  void fields_comeInAnyOrder_withOthersBetween() {
    assertEquals(
        PARENT,
        wire("Self=1-67891234-12456789abcdef012345678; Sampled=0; Parent=53995C3F42CD8AD8;Root=1-5759e988-bd862e3fe1be46a994272793;Lineage=a:b")
            .parent());
  }

  @Test
  void sampled_goesOn_askedForIsDecidedHere() {
    assertTrue(
        wire(EXAMPLE.replace("Sampled=1", "Sampled=0"))
            .out()
            .get("X-Amzn-Trace-Id")
            .endsWith("Sampled=0"));
    assertTrue(
        wire(EXAMPLE.replace("Sampled=1", "Sampled=?"))
            .out()
            .get("X-Amzn-Trace-Id")
            .endsWith("Sampled=1"));
    assertTrue(
        wire(EXAMPLE.replace(";Sampled=1", ""))
            .sampler(Sampler.off(true))
            .out()
            .get("X-Amzn-Trace-Id")
            .endsWith("Sampled=0"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ";",
        ";;;=;",
        "Root=1-5759e988-bd862e3fe1be46a994272793",
        "Parent=53995c3f42cd8ad8;Sampled=1",
        "Root=2-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1",
        "Root=1-5759e988-bd862e3fe1be46a99427279;Parent=53995c3f42cd8ad8;Sampled=1",
        "Root=1-00000000-000000000000000000000000;Parent=53995c3f42cd8ad8;Sampled=1",
        "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=0000000000000000;Sampled=1",
        "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad;Sampled=1"
      })
  void malformed_beginsATrace(String header) {
    assertNull(wire(header).parent());
  }

  @Test
  void unknownFormat_isNamed() {
    IllegalArgumentException thrown =
        org.junit.jupiter.api.Assertions.assertThrows(
            IllegalArgumentException.class, () -> Propagation.of("b3", "b4"));
    assertEquals("b4", thrown.getMessage());
    assertEquals(0, Wire.of("none").out().size());
  }
}
