package io.sonde.weaver;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** How the bytes of a class become those of the woven class. */
interface Weaving {
  /**
   * Returns the woven bytes, or null where nothing changes, and depends on nothing but what it is
   * given, as {@link ClassWeaver#weave} does.
   */
  byte @Nullable [] weave(
      String name, byte[] bytes, List<Rule> rules, boolean state, boolean loaded, List<Rule> missed)
      throws Exception;

  /** Weaves each time. */
  final class Anew implements Weaving {
    @Override
    public byte @Nullable [] weave(
        String name,
        byte[] bytes,
        List<Rule> rules,
        boolean state,
        boolean loaded,
        List<Rule> missed) {
      return ClassWeaver.weave(bytes, rules, state, loaded, missed);
    }
  }
}
