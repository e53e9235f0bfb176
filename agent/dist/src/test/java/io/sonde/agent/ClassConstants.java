package io.sonde.agent;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The version and the constant pool of a class file, as far as tests ask for it. */
record ClassConstants(int version, Set<Integer> tags, List<String> strings, List<String> classes) {
  static final int INVOKE_DYNAMIC = 18;
  private static final int CLASS = 7;
  private static final int STRING = 8;

  static ClassConstants of(byte[] classFile) throws IOException {
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(classFile));
    in.skipBytes(6);
    int version = in.readUnsignedShort();
    int count = in.readUnsignedShort();
    String[] texts = new String[count];
    List<Integer> stringTexts = new ArrayList<>();
    List<Integer> classTexts = new ArrayList<>();
    Set<Integer> tags = new HashSet<>();
    for (int i = 1; i < count; i++) {
      int tag = in.readUnsignedByte();
      tags.add(tag);
      switch (tag) {
        case 1 -> texts[i] = in.readUTF();
        case STRING -> stringTexts.add(in.readUnsignedShort());
        case CLASS -> classTexts.add(in.readUnsignedShort());
        case 16, 19, 20 -> in.skipBytes(2);
        case 15 -> in.skipBytes(3);
        case 5, 6 -> {
          in.skipBytes(8);
          i++;
        }
        default -> in.skipBytes(4);
      }
    }
    return new ClassConstants(
        version,
        tags,
        stringTexts.stream().map(index -> texts[index]).toList(),
        classTexts.stream().map(index -> texts[index]).toList());
  }

  boolean has(int tag) {
    return tags.contains(tag);
  }
}
