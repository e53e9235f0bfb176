package io.sonde.exporters.otlp;

import java.io.IOException;

/** Sends a sealed batch to the receiver; one thread. */
interface Sender {
  /** Makes one attempt that ends at {@code deadline} by {@link System#nanoTime()}. */
  Answer send(Batch batch, long deadline) throws IOException;
}
