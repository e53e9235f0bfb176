package io.sonde.apps;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;

/** A port where nobody listens: it is taken until the program ends, so that nobody else can. */
final class Nobody {
  private static final Socket TAKEN = new Socket();

  static {
    try {
      TAKEN.bind(new InetSocketAddress(0));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Nobody() {}

  static int port() {
    return TAKEN.getLocalPort();
  }
}
