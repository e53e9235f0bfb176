package io.sonde.weaver;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Takes classes as a training run wove them from its file, and weaves those that are not there or
 * differ in anything.
 *
 * <p>The file: {@link #MAGIC}, the {@linkplain AgentJar#identity() identity} of the agent's jar,
 * the size and the sum of the list, the list of {@link KeptClass}, then the woven bytes in its
 * order.
 */
final class KeptClasses implements Weaving {
  static final long MAGIC = 0x534f4e4445_0001L;

  /** Magic, identity, size, sum. */
  static final int HEAD = 8 + 8 + 4 + 8;

  /** Far beyond what the rules there are can come to. */
  static final int MAX_CLASSES = 4000;

  private static final int MAX_LIST = 4 << 20;
  private static final int MAX_WOVEN = 4 << 20;

  private final RandomAccessFile file;
  private final Map<String, List<Place>> byName = new HashMap<>();
  private final Weaving otherwise;

  private KeptClasses(RandomAccessFile file, Weaving otherwise) {
    this.file = file;
    this.otherwise = otherwise;
  }

  /** What the file holds, or what weaves anew where it is not whole or of another agent. */
  static Weaving open(File path, long identity, Weaving otherwise) {
    try {
      KeptClasses kept = new KeptClasses(new RandomAccessFile(path, "r"), otherwise);
      if (kept.isWhole(identity)) {
        return kept;
      }
      kept.file.close();
    } catch (IOException broken) {
      // Nothing depends on it but time.
    }
    return otherwise;
  }

  private boolean isWhole(long identity) {
    try {
      return read(identity);
    } catch (IOException | RuntimeException broken) {
      return false;
    }
  }

  private boolean read(long identity) throws IOException {
    byte[] head = new byte[HEAD];
    file.readFully(head);
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(head));
    if (in.readLong() != MAGIC || in.readLong() != identity) {
      return false;
    }
    int size = in.readInt();
    if (size < 0 || size > MAX_LIST) {
      return false;
    }
    byte[] list = new byte[size];
    file.readFully(list);
    if (Sums.of(list) != in.readLong()) {
      return false;
    }
    DataInputStream classes = new DataInputStream(new ByteArrayInputStream(list));
    long at = (long) HEAD + size;
    for (int i = Math.min(classes.readInt(), MAX_CLASSES); i > 0; i--) {
      KeptClass one = KeptClass.read(classes);
      List<Place> same = byName.get(one.name);
      if (same == null) {
        byName.put(one.name, same = new ArrayList<>(2));
      }
      same.add(new Place(one, at));
      at += Math.max(one.wovenLength, 0);
    }
    return true;
  }

  @Override
  public byte @Nullable [] weave(
      String name, byte[] bytes, List<Rule> rules, boolean state, boolean loaded, List<Rule> missed)
      throws Exception {
    List<Place> places = byName.get(name);
    if (places != null) {
      long sum = KeptClass.sum(bytes, loaded);
      for (int i = 0; i < places.size(); i++) {
        Place place = places.get(i);
        if (place.kept.is(bytes.length, sum, rules, state, loaded)) {
          byte[] woven = place.kept.wovenLength < 0 ? null : bytes(place);
          if (woven != null || place.kept.wovenLength < 0) {
            place.kept.addMissed(rules, missed);
            return woven;
          }
        }
      }
    }
    return otherwise.weave(name, bytes, rules, state, loaded, missed);
  }

  /** What is there, or null where it has changed since. */
  private byte @Nullable [] bytes(Place place) {
    if (place.kept.wovenLength > MAX_WOVEN) {
      return null;
    }
    byte[] woven = new byte[place.kept.wovenLength];
    try {
      synchronized (file) {
        file.seek(place.at);
        file.readFully(woven);
      }
    } catch (IOException e) {
      return null;
    }
    return place.kept.isIntact(woven) ? woven : null;
  }

  /** A class and where in the file it is. */
  private static final class Place {
    final KeptClass kept;
    final long at;

    Place(KeptClass kept, long at) {
      this.kept = kept;
      this.at = at;
    }
  }
}
