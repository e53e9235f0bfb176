package io.sonde.weaver;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.File;
import java.io.FileOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes the file that {@link KeptClasses} reads, each class at once: a JVM that makes an AOT cache
 * may end without a shutdown hook. Bounded.
 */
final class KeptWriter {
  private static final long MAX_BYTES = 64 << 20;

  private final FileOutputStream out;
  private final List<KeptClass> classes = new ArrayList<>();
  private long size;
  private boolean broken;

  private KeptWriter(FileOutputStream out) {
    this.out = out;
  }

  /** Puts a new file in the place of the old, which JVMs that read it keep. */
  static KeptWriter create(File file, long identity) throws IOException {
    // No temporary file of java.io.File: its random name takes security providers, which the cache
    // that is being made would hold.
    File made = new File(file.getPath() + '.' + System.nanoTime() + ".new");
    if (!made.createNewFile()) {
      throw new IOException(made + " is there already");
    }
    FileOutputStream out = new FileOutputStream(made);
    try {
      ByteArrayOutputStream head = new ByteArrayOutputStream(KeptClasses.HEAD);
      DataOutputStream to = new DataOutputStream(head);
      to.writeLong(KeptClasses.MAGIC);
      to.writeLong(identity);
      out.write(head.toByteArray());
      if (made.setReadOnly() && made.renameTo(file)) {
        return new KeptWriter(out);
      }
      throw new IOException("cannot replace " + file);
    } catch (IOException | RuntimeException e) {
      out.close();
      if (!made.delete()) {
        made.deleteOnExit();
      }
      throw e;
    }
  }

  /** Adds what a class became, unless that is known; after an error nothing more. */
  synchronized void add(
      String name,
      byte[] bytes,
      List<Rule> rules,
      boolean state,
      boolean loaded,
      List<Rule> missed,
      byte @Nullable [] woven) {
    for (KeptClass one : classes) {
      if (one.name.equals(name) && one.is(bytes, rules, state, loaded)) {
        return;
      }
    }
    if (broken || classes.size() == KeptClasses.MAX_CLASSES) {
      return;
    }
    KeptClass one = KeptClass.of(name, bytes, rules, state, loaded, missed, woven);
    try {
      byte[] entry = entry(one, woven);
      size += entry.length;
      if (size <= MAX_BYTES) {
        out.write(entry);
        classes.add(one);
        return;
      }
    } catch (IOException e) {
      // Part of it may be there, so nothing can follow.
    }
    broken = true;
  }

  private static byte[] entry(KeptClass one, byte @Nullable [] woven) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    one.write(new DataOutputStream(head));
    byte[] bytes = head.toByteArray();
    ByteArrayOutputStream entry = new ByteArrayOutputStream();
    DataOutputStream to = new DataOutputStream(entry);
    to.writeInt(bytes.length);
    to.writeLong(Sums.of(bytes));
    to.write(bytes);
    if (woven != null) {
      to.write(woven);
    }
    return entry.toByteArray();
  }
}
