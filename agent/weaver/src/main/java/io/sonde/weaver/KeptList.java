package io.sonde.weaver;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.File;
import java.io.FileOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Collects what classes became and writes the file that {@link KeptClasses} reads; bounded. */
final class KeptList {
  private static final long MAX_BYTES = 64 << 20;

  private final List<KeptClass> classes = new ArrayList<>();
  private final List<byte[]> woven = new ArrayList<>();
  private long size;
  private boolean changed;

  synchronized void add(
      String name,
      byte[] bytes,
      List<Rule> rules,
      boolean state,
      boolean loaded,
      List<Rule> missed,
      byte @Nullable [] result) {
    long sum = KeptClass.sum(bytes, loaded);
    for (KeptClass one : classes) {
      if (one.name.equals(name) && one.is(bytes.length, sum, rules, state, loaded)) {
        return;
      }
    }
    byte[] body = result == null ? new byte[0] : result;
    if (classes.size() < KeptClasses.MAX_CLASSES && size + body.length <= MAX_BYTES) {
      classes.add(KeptClass.of(name, bytes, rules, state, loaded, missed, result));
      woven.add(body);
      size += body.length;
      changed = true;
    }
  }

  /**
   * Replaces the file if there is more to write, and says whether it did; where that fails, JVMs
   * weave as they start.
   */
  synchronized boolean write(File file, long identity) {
    if (!changed) {
      return false;
    }
    changed = false;
    File made = null;
    try {
      made = File.createTempFile(file.getName(), ".new", file.getAbsoluteFile().getParentFile());
      try (FileOutputStream out = new FileOutputStream(made)) {
        write(out, identity);
      }
      if (made.setReadOnly() && made.renameTo(file)) {
        return true;
      }
    } catch (IOException | SecurityException e) {
      // As above.
    }
    if (made != null && !made.delete()) {
      made.deleteOnExit();
    }
    return false;
  }

  private void write(FileOutputStream to, long identity) throws IOException {
    ByteArrayOutputStream list = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(list);
    out.writeInt(classes.size());
    for (KeptClass one : classes) {
      one.write(out);
    }
    byte[] bytes = list.toByteArray();
    ByteArrayOutputStream head = new ByteArrayOutputStream(KeptClasses.HEAD);
    out = new DataOutputStream(head);
    out.writeLong(KeptClasses.MAGIC);
    out.writeLong(identity);
    out.writeInt(bytes.length);
    out.writeLong(Sums.of(bytes));
    to.write(head.toByteArray());
    to.write(bytes);
    for (byte[] one : woven) {
      to.write(one);
    }
  }
}
