package io.sonde.weaver;

import io.sonde.core.Messages;
import io.sonde.weaver.trust.Writers;
import java.io.File;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The file of woven classes beside an AOT cache, {@code app.aot.woven} beside {@code app.aot}. */
final class BesideCache {
  private static final String SUFFIX = ".woven";
  private static final String CACHE = ".aot";

  private BesideCache() {}

  /** How to weave in this JVM. */
  static Weaving weaving(JdkInternals internals, AgentJar jar, Messages messages) {
    Weaving anew = new Weaving.Anew();
    try {
      if (internals.makesAotCache()) {
        File cache = internals.aotFile("-XX:AOTCacheOutput=");
        if (cache == null) {
          cache = recorded(internals, messages);
        }
        return cache == null ? anew : new Training(beside(cache), jar.identity());
      }
      File cache = internals.aotFile("-XX:AOTCache=");
      if (cache != null) {
        File kept = beside(cache);
        if (kept.isFile() && Writers.areOf(cache, kept)) {
          return KeptClasses.open(kept, jar.identity(), anew);
        }
      }
    } catch (IOException | RuntimeException e) {
      // It takes longer without.
    }
    return anew;
  }

  /**
   * The cache that another JVM will make of what this one records, by its usual name: that JVM runs
   * no agent, and this one is not told.
   */
  private static @Nullable File recorded(JdkInternals internals, Messages messages) {
    File configuration = internals.aotFile("-XX:AOTConfiguration=");
    if (configuration == null) {
      return null;
    }
    File cache = cacheOf(configuration);
    messages.warn(
        "woven classes are kept in "
            + beside(cache)
            + ", for a cache that is called "
            + cache
            + "; rename the file if the cache has another name");
    return cache;
  }

  /** {@code app.aot} for {@code app.aotconf}. */
  static File cacheOf(File configuration) {
    String name = configuration.getName();
    int end = name.lastIndexOf('.');
    return new File(
        configuration.getParentFile(), (end > 0 ? name.substring(0, end) : name) + CACHE);
  }

  private static File beside(File cache) {
    return new File(cache.getPath() + SUFFIX);
  }
}
