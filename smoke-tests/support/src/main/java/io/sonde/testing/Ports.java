package io.sonde.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports that nobody uses, for what must be told its port before it listens, or must find nobody.
 *
 * <p>They are from below the range that the system itself takes ports from, for connections and for
 * servers that leave the choice to it: one out of that range may be gone again when it is bound,
 * and whoever asks for it again and again may at last be connected to itself.
 */
public final class Ports {
  private static final Path RANGE = Path.of("/proc/sys/net/ipv4/ip_local_port_range");
  private static final int FIRST = 10_000;
  private static final int USUAL_END = 32_768;

  /** With fewer to choose from the system's choice is the better one. */
  private static final int FEW = 1_000;

  private static final Set<Integer> GIVEN = ConcurrentHashMap.newKeySet();

  private Ports() {}

  /** One that was not given before. */
  public static int free() {
    int end = end();
    for (; ; ) {
      int port =
          end - FIRST < FEW ? chosenBySystem() : ThreadLocalRandom.current().nextInt(FIRST, end);
      if (isFree(port) && GIVEN.add(port)) {
        return port;
      }
    }
  }

  /** Where the system's range begins. */
  private static int end() {
    try {
      return Integer.parseInt(Files.readString(RANGE).trim().split("\\s+")[0]);
    } catch (IOException e) {
      return USUAL_END; // no Linux
    }
  }

  private static int chosenBySystem() {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket(port)) {
      return socket.isBound();
    } catch (IOException e) {
      return false;
    }
  }
}
