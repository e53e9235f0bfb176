package io.sonde.weaver;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** The jakarta twin of what is written against javax. */
final class Jakarta {
  private static final String PREFIX = "jakarta/";
  private static final String[] PACKAGES = {"javax/servlet/", "javax/ws/rs/", "javax/jms/"};

  private Jakarta() {}

  /** Whether the target's class file speaks of jakarta packages. */
  static boolean wanted(byte[] target) {
    return new String(target, StandardCharsets.ISO_8859_1).contains(PREFIX);
  }

  /**
   * The instrumentation class with its references renamed.
   *
   * <p>Names and descriptors are constants of their own, and everything else refers to them by
   * number: it is enough to write these anew.
   */
  static byte[] rename(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length + 256);
    int copied = 0;
    int at = 10;
    int count = (bytes[8] & 0xff) << 8 | bytes[9] & 0xff;
    for (int i = 1; i < count; i++) {
      int tag = bytes[at];
      int size = ClassFile.size(bytes, at, tag);
      if (tag == 1 && size > 3 + PREFIX.length()) {
        String constant = text.substring(at + 3, at + size);
        String renamed = rename(constant);
        if (!renamed.equals(constant)) {
          byte[] latin = renamed.getBytes(StandardCharsets.ISO_8859_1);
          out.write(bytes, copied, at + 1 - copied);
          out.write(latin.length >>> 8);
          out.write(latin.length);
          out.write(latin, 0, latin.length);
          copied = at + size;
        }
      } else if (tag == 5 || tag == 6) {
        i++;
      }
      at += size;
    }
    out.write(bytes, copied, bytes.length - copied);
    return out.toByteArray();
  }

  /** Internal names, descriptors or a line of the index, renamed. */
  static String rename(String text) {
    if (!text.contains("javax/")) {
      return text;
    }
    String result = text;
    for (String javax : PACKAGES) {
      if (result.contains(javax)) {
        result = result.replace(javax, "jakarta" + javax.substring("javax".length()));
      }
    }
    return result;
  }
}
