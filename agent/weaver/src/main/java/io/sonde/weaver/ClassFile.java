package io.sonde.weaver;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the link check needs of a class file, read in one pass without a parser's ceremony. */
final class ClassFile {
  private static final int HEADER = 10;

  /** Internal name of the super class; null for java.lang.Object and modules. */
  final @Nullable String superName;

  /** Internal names of the interfaces. */
  final List<String> interfaces = new ArrayList<>();

  /** Fields and methods it declares, as name and descriptor. */
  final Set<String> members = new HashSet<>();

  /** Internal names of the classes it refers to. */
  final Set<String> classes = new HashSet<>();

  /** Members of other classes that it refers to, as owner, a space, name and descriptor. */
  final Set<String> references = new HashSet<>();

  private final byte[] bytes;
  private final int[] constants;

  ClassFile(byte[] bytes) {
    this.bytes = bytes;
    int count = u2(8);
    constants = new int[count];
    int at = HEADER;
    for (int i = 1; i < count; i++) {
      constants[i] = at;
      int tag = bytes[at];
      at += size(at, tag);
      if (tag == 5 || tag == 6) {
        i++;
      }
    }
    for (int i = 1; i < count; i++) {
      if (constants[i] != 0) {
        reference(constants[i]);
      }
    }
    int superIndex = u2(at + 4);
    superName = superIndex == 0 ? null : className(superIndex);
    int interfaceCount = u2(at + 6);
    at += 8;
    for (int i = 0; i < interfaceCount; i++, at += 2) {
      interfaces.add(className(u2(at)));
    }
    at = readMembers(at);
    readMembers(at);
  }

  private int size(int at, int tag) {
    switch (tag) {
      case 1:
        return 3 + u2(at + 1);
      case 7:
      case 8:
      case 16:
      case 19:
      case 20:
        return 3;
      case 15:
        return 4;
      case 5:
      case 6:
        return 9;
      default:
        return 5;
    }
  }

  private void reference(int at) {
    int tag = bytes[at];
    if (tag == 7) {
      String name = utf8(u2(at + 1));
      if (name.charAt(0) != '[') {
        classes.add(name);
      }
    } else if (tag == 9 || tag == 10 || tag == 11) {
      String owner = className(u2(at + 1));
      if (owner.charAt(0) != '[') {
        int nameAndType = constants[u2(at + 3)];
        references.add(owner + ' ' + utf8(u2(nameAndType + 1)) + utf8(u2(nameAndType + 3)));
      }
    }
  }

  private int readMembers(int start) {
    int at = start + 2;
    for (int i = u2(start); i > 0; i--) {
      members.add(utf8(u2(at + 2)) + utf8(u2(at + 4)));
      int attributes = u2(at + 6);
      at += 8;
      for (; attributes > 0; attributes--) {
        at += 6 + (u2(at + 2) << 16 | u2(at + 4));
      }
    }
    return at;
  }

  private String className(int index) {
    return utf8(u2(constants[index] + 1));
  }

  private String utf8(int index) {
    int at = constants[index];
    return new String(bytes, at + 3, u2(at + 1), StandardCharsets.UTF_8);
  }

  private int u2(int at) {
    return (bytes[at] & 0xff) << 8 | bytes[at + 1] & 0xff;
  }
}
