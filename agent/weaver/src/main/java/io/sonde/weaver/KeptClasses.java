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
 * then for each class the length and the sum of its {@link KeptClass}, that, and the woven bytes.
 * It ends where anything is not as it should be.
 */
final class KeptClasses implements Weaving {
  static final long MAGIC = 0x534f4e4445_0001L;

  /** Magic, identity. */
  static final int HEAD = 8 + 8;

  /** Far beyond what the rules there are can come to. */
  static final int MAX_CLASSES = 4000;

  private static final int MAX_ENTRY = 1 << 20;
  private static final int MAX_WOVEN = 4 << 20;

  private static final int ENTRY_HEAD = 4 + 8;

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
    DataInputStream in = next(HEAD);
    if (in.readLong() != MAGIC || in.readLong() != identity) {
      return false;
    }
    long length = file.length();
    int most = MAX_CLASSES;
    for (long at = HEAD; at < length && most > 0; most--) {
      at = readClass(at, length);
    }
    return true;
  }

  /**
   * Reads what is there, and says where the next class is: behind the end where this one is broken.
   */
  private long readClass(long at, long length) throws IOException {
    if (length - at < ENTRY_HEAD) {
      return length;
    }
    file.seek(at);
    DataInputStream in = next(ENTRY_HEAD);
    int size = in.readInt();
    long sum = in.readLong();
    if (size < 0 || size > Math.min(MAX_ENTRY, length - at - ENTRY_HEAD)) {
      return length;
    }
    byte[] entry = new byte[size];
    file.readFully(entry);
    if (Sums.of(entry) != sum) {
      return length;
    }
    KeptClass one = KeptClass.read(new DataInputStream(new ByteArrayInputStream(entry)));
    List<Place> same = byName.get(one.name);
    if (same == null) {
      byName.put(one.name, same = new ArrayList<>(2));
    }
    long woven = at + ENTRY_HEAD + size;
    same.add(new Place(one, woven));
    return woven + Math.max(one.wovenLength, 0);
  }

  private DataInputStream next(int bytes) throws IOException {
    byte[] read = new byte[bytes];
    file.readFully(read);
    return new DataInputStream(new ByteArrayInputStream(read));
  }

  @Override
  public byte @Nullable [] weave(
      String name, byte[] bytes, List<Rule> rules, boolean state, boolean loaded, List<Rule> missed)
      throws Exception {
    List<Place> places = byName.get(name);
    if (places != null) {
      for (int i = 0; i < places.size(); i++) {
        Place place = places.get(i);
        if (place.kept.is(bytes, rules, state, loaded)) {
          byte[] woven = place.kept.wovenLength < 0 ? null : bytes(place);
          if (woven != null || place.kept.wovenLength < 0) {
            place.kept.addMissed(rules, missed);
            return woven;
          }
        }
      }
    }
    // A super class of a target, such as the training did not look at.
    if (!state && !new ClassFile(bytes).declaresTargetOf(rules)) {
      missed.addAll(rules);
      return null;
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
