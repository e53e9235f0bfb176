package io.sonde.weaver;

import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import org.jspecify.annotations.Nullable;

/**
 * The agent's own jar: the index and the instrumentation classes, which are no ordinary entries so
 * that no loader finds them.
 */
public final class AgentJar {
  private static final int END_SIZE = 22;
  private static final int END_SIGNATURE = 0x06054b50;
  private static final int END_DIRECTORY_SIZE = 12;
  private static final int END_DIRECTORY_AT = 16;
  private static final int MAX_DIRECTORY = 8 << 20;

  private final JarFile jar;

  /** Reads from this jar, which stays open. */
  public AgentJar(JarFile jar) {
    this.jar = jar;
  }

  List<String> index() throws IOException {
    byte[] text = read("inst/index");
    if (text == null) {
      throw new IOException("inst/index is missing in " + jar.getName());
    }
    List<String> lines = new ArrayList<>();
    int from = 0;
    for (int i = 0; i < text.length; i++) {
      if (text[i] == '\n') {
        if (i > from) {
          lines.add(latin1(text, from, i));
        }
        from = i + 1;
      }
    }
    return lines;
  }

  @SuppressWarnings("deprecation") // The one constructor that needs no charset decoder.
  private static String latin1(byte[] text, int from, int to) {
    return new String(text, 0, from, to - from);
  }

  /** The agent's version, for example 0.1.0. */
  public String version() throws IOException {
    byte[] text = read("inst/version");
    return text == null ? "unknown" : latin1(text, 0, text.length).trim();
  }

  /**
   * A number that another build of the agent does not have: two checksums of the jar's directory,
   * which has those of all its entries.
   */
  long identity() throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(jar.getName(), "r")) {
      byte[] end = new byte[END_SIZE];
      file.seek(file.length() - END_SIZE);
      file.readFully(end);
      ByteBuffer fields = ByteBuffer.wrap(end).order(ByteOrder.LITTLE_ENDIAN);
      int size = fields.getInt(END_DIRECTORY_SIZE);
      if (fields.getInt(0) != END_SIGNATURE || size < 0 || size > MAX_DIRECTORY) {
        throw new IOException("no end of a jar in " + jar.getName());
      }
      byte[] directory = new byte[size];
      file.seek(fields.getInt(END_DIRECTORY_AT) & 0xffffffffL);
      file.readFully(directory);
      return Sums.of(directory);
    }
  }

  /** The bytes of an instrumentation class, or null. */
  byte @Nullable [] instrumentation(String internalName) throws IOException {
    return read("inst/" + internalName + ".bin");
  }

  private byte @Nullable [] read(String name) throws IOException {
    ZipEntry entry = jar.getEntry(name);
    if (entry == null) {
      return null;
    }
    try (InputStream in = jar.getInputStream(entry)) {
      return Bytes.readAll(in, (int) entry.getSize());
    }
  }

  /** Reads streams to their end. */
  static final class Bytes {
    private static final int FIRST = 8192;
    private static final int MOST_EXPECTED = 1 << 20;

    private Bytes() {}

    /** All that follows, of which so many bytes are likely; nothing is copied where that is so. */
    static byte[] readAll(InputStream in, int expected) throws IOException {
      byte[] bytes = new byte[expected > 0 ? Math.min(expected, MOST_EXPECTED) : FIRST];
      int size = 0;
      for (int n = in.read(bytes); n >= 0; n = in.read(bytes, size, bytes.length - size)) {
        size += n;
        if (size == bytes.length) {
          int next = in.read();
          if (next < 0) {
            return bytes;
          }
          bytes = Arrays.copyOf(bytes, Math.max(FIRST, 2 * size));
          bytes[size++] = (byte) next;
        }
      }
      return Arrays.copyOf(bytes, size);
    }
  }
}
