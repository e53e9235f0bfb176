package io.sonde.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.io.IOException;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;

class PortsTest {
  @Test
  void free_canBeBound_andIsGivenOnce() throws IOException {
    int port = Ports.free();
    try (ServerSocket ours = new ServerSocket(port)) {
      assertEquals(port, ours.getLocalPort());
      for (int i = 0; i < 100; i++) {
        assertNotEquals(port, Ports.free());
      }
    }
  }
}
