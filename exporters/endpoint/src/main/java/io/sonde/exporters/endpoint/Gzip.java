package io.sonde.exporters.endpoint;

import java.io.IOException;
import java.io.OutputStream;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/**
 * Compresses as fast as can be: to look for longer, as by default, takes two to three times as long
 * and makes a page an eighth smaller.
 */
public final class Gzip extends GZIPOutputStream {
  private static final int BUFFER = 16 * 1024;

  /** Writes what is compressed to {@code out}. */
  public Gzip(OutputStream out) throws IOException {
    super(out, BUFFER);
    def.setLevel(Deflater.BEST_SPEED);
  }
}
