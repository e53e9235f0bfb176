package io.sonde.weaver;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of a class file without parsing all of it, found in its bytes when it is asked for.
 *
 * <p>All of this runs cold, once for each class, while the application starts: a string that is
 * never looked at costs more than the look into the bytes.
 */
final class ClassFile {
  private static final int HEADER = 10;
  private static final int CLASS = 7;
  private static final int INTERFACE = 0x0200;
  private static final int INTERFACE_METHOD = 11;
  private static final int FIELD = 9;

  private final byte[] bytes;
  private final int[] constants;
  private final int afterConstants;

  ClassFile(byte[] bytes) {
    this.bytes = bytes;
    int count = u2(8);
    constants = new int[count];
    int at = HEADER;
    for (int i = 1; i < count; i++) {
      constants[i] = at;
      int tag = bytes[at];
      at += size(bytes, at, tag);
      if (tag == 5 || tag == 6) {
        i++;
      }
    }
    afterConstants = at;
  }

  /** The bytes that a constant takes, its tag included. */
  static int size(byte[] bytes, int at, int tag) {
    switch (tag) {
      case 1:
        return 3 + ((bytes[at + 1] & 0xff) << 8 | bytes[at + 2] & 0xff);
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

  /** Internal name of the super class; null for java.lang.Object and modules. */
  @Nullable String superName() {
    int index = u2(afterConstants + 4);
    return index == 0 ? null : className(index);
  }

  boolean isInterface() {
    return (u2(afterConstants) & INTERFACE) != 0;
  }

  int interfaces() {
    return u2(afterConstants + 6);
  }

  /** Internal name of an interface, from 0. */
  String interfaceName(int number) {
    return className(u2(afterConstants + 8 + 2 * number));
  }

  /** Whether there is a constant of this kind. */
  boolean hasConstant(int tag) {
    for (int at : constants) {
      if (at != 0 && bytes[at] == tag) {
        return true;
      }
    }
    return false;
  }

  int constants() {
    return constants.length;
  }

  /** The class that this constant is, if its name begins so; else null. */
  @Nullable String classAt(int constant, byte[] prefix) {
    int at = constants[constant];
    return at != 0 && bytes[at] == CLASS && startsWith(u2(at + 1), prefix)
        ? utf8(u2(at + 1))
        : null;
  }

  /** Whether this constant is a member of some class. */
  boolean isMember(int constant) {
    int at = constants[constant];
    return at != 0 && bytes[at] >= FIELD && bytes[at] <= INTERFACE_METHOD;
  }

  /** Whether the class of that member has a name that begins so. */
  boolean ownerStartsWith(int member, byte[] prefix) {
    return startsWith(u2(constants[u2(constants[member] + 1)] + 1), prefix);
  }

  /** Internal name of that member's class. */
  String owner(int member) {
    return className(u2(constants[member] + 1));
  }

  /** Name and descriptor of that member. */
  String member(int member) {
    int at = constants[u2(constants[member] + 3)];
    return utf8(u2(at + 1)) + utf8(u2(at + 3));
  }

  /** Whether this class declares that member of another class file. */
  boolean declares(ClassFile other, int member) {
    int at = other.constants[other.u2(other.constants[member] + 3)];
    int name = other.constants[other.u2(at + 1)];
    int descriptor = other.constants[other.u2(at + 3)];
    int fields = afterConstants + 8 + 2 * interfaces();
    boolean isField = other.bytes[other.constants[member]] == FIELD;
    return declares(isField ? fields : afterMembers(fields), other, name, descriptor);
  }

  /** Whether this class declares a method that one of the rules is for. */
  boolean declaresTargetOf(List<Rule> rules) {
    int start = afterMembers(afterConstants + 8 + 2 * interfaces());
    int at = start + 2;
    for (int i = u2(start); i > 0; i--) {
      String name = utf8(u2(at + 2));
      String descriptor = utf8(u2(at + 4));
      for (int j = 0; j < rules.size(); j++) {
        if (rules.get(j).matches(name, descriptor)) {
          return true;
        }
      }
      at = afterMember(at);
    }
    return false;
  }

  private boolean declares(int start, ClassFile other, int name, int descriptor) {
    int at = start + 2;
    for (int i = u2(start); i > 0; i--) {
      if (same(constants[u2(at + 2)], other, name)
          && same(constants[u2(at + 4)], other, descriptor)) {
        return true;
      }
      at = afterMember(at);
    }
    return false;
  }

  private int afterMembers(int start) {
    int at = start + 2;
    for (int i = u2(start); i > 0; i--) {
      at = afterMember(at);
    }
    return at;
  }

  private int afterMember(int start) {
    int at = start + 8;
    for (int attributes = u2(start + 6); attributes > 0; attributes--) {
      at += 6 + (u2(at + 2) << 16 | u2(at + 4));
    }
    return at;
  }

  private boolean same(int text, ClassFile other, int itsText) {
    int length = u2(text + 1);
    if (length != other.u2(itsText + 1)) {
      return false;
    }
    // Names differ at their ends more often than where they begin.
    for (int i = length + 2; i > 2; i--) {
      if (bytes[text + i] != other.bytes[itsText + i]) {
        return false;
      }
    }
    return true;
  }

  private boolean startsWith(int index, byte[] prefix) {
    int at = constants[index];
    if (u2(at + 1) < prefix.length) {
      return false;
    }
    for (int i = 0; i < prefix.length; i++) {
      if (bytes[at + 3 + i] != prefix[i]) {
        return false;
      }
    }
    return true;
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
