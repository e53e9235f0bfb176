package io.sonde.weaver;

import java.nio.charset.StandardCharsets;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassWriter;
import net.bytebuddy.jar.asm.Opcodes;
import net.bytebuddy.jar.asm.commons.ClassRemapper;
import net.bytebuddy.jar.asm.commons.Remapper;

/** The jakarta twin of what is written against javax. */
final class Jakarta {
  private static final byte[] PREFIX = "jakarta/".getBytes(StandardCharsets.US_ASCII);
  private static final String[] PACKAGES = {"javax/servlet/", "javax/ws/rs/", "javax/jms/"};

  private Jakarta() {}

  /** Whether the target's class file speaks of jakarta packages. */
  static boolean wanted(byte[] target) {
    for (int i = 10; i < target.length - PREFIX.length; i++) {
      int j = 0;
      while (j < PREFIX.length && target[i + j] == PREFIX[j]) {
        j++;
      }
      if (j == PREFIX.length) {
        return true;
      }
    }
    return false;
  }

  /** The instrumentation class with its references renamed. */
  static byte[] rename(byte[] bytes) {
    ClassWriter writer = new ClassWriter(0);
    new ClassReader(bytes)
        .accept(
            new ClassRemapper(
                writer,
                new Remapper(Opcodes.ASM9) {
                  @Override
                  public String map(String name) {
                    return rename(name);
                  }
                }),
            0);
    return writer.toByteArray();
  }

  /** Internal names, descriptors or a line of the index, renamed. */
  static String rename(String text) {
    String result = text;
    for (String javax : PACKAGES) {
      if (result.contains(javax)) {
        result = result.replace(javax, "jakarta" + javax.substring("javax".length()));
      }
    }
    return result;
  }
}
