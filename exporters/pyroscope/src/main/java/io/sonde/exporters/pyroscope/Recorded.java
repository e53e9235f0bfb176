package io.sonde.exporters.pyroscope;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/** A recording on its way, compressed. */
final class Recorded {
  /** Servers take 4 MiB unless told otherwise; more than this is nobody's profile any more. */
  static final int MOST = 32 << 20;

  private Recorded() {}

  /** All of it, or null where it is too large. */
  static byte @Nullable [] pack(InputStream jfr, int level) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream(1 << 16);
    byte[] some = new byte[1 << 14];
    long size = 0;
    try (GZIPOutputStream gzip =
        new GZIPOutputStream(packed, 8192) {
          {
            def.setLevel(level);
          }
        }) {
      for (int read = jfr.read(some); read > 0; read = jfr.read(some)) {
        size += read;
        if (size > MOST) {
          return null;
        }
        gzip.write(some, 0, read);
      }
    }
    return packed.toByteArray();
  }
}
