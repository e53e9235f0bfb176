package io.sonde.weaver;

import io.sonde.weaver.trust.Writers;
import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Weaves in a JVM that trains an AOT cache, and writes what it wove into the file beside the cache.
 *
 * <p>A woven class is not in the cache, but others there can make the JVM load it before the agent
 * starts, which then weaves it in place. So what it becomes in that way is kept, too.
 */
final class Training implements Weaving {
  private final File file;
  private final long identity;
  private final KeptWriter kept;
  private boolean rehearsed;

  Training(File file, long identity) throws IOException {
    kept = KeptWriter.create(file, identity);
    this.file = file;
    this.identity = identity;
  }

  @Override
  public byte @Nullable [] weave(
      String name,
      byte[] bytes,
      List<Rule> rules,
      boolean state,
      boolean loaded,
      List<Rule> missed) {
    byte[] woven = ClassWeaver.weave(bytes, rules, state, loaded, missed);
    kept.add(name, bytes, rules, state, loaded, missed, woven);
    if (!loaded) {
      List<Rule> missedInPlace = new ArrayList<>();
      byte[] inPlace = ClassWeaver.weave(bytes, rules, false, true, missedInPlace);
      kept.add(name, bytes, rules, false, true, missedInPlace, inPlace);
    }
    rehearse();
    return woven;
  }

  /** Reads the file once, so that the cache holds what reads it. */
  private synchronized void rehearse() {
    if (!rehearsed) {
      rehearsed = true;
      if (Writers.areOf(file, file)) {
        KeptClasses.open(file, identity, this);
      }
    }
  }
}
