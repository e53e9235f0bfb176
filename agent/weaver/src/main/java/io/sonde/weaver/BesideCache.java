package io.sonde.weaver;

import io.sonde.weaver.trust.Writers;
import java.io.File;
import java.io.IOException;

/** The file of woven classes beside an AOT cache, {@code app.aot.woven} beside {@code app.aot}. */
final class BesideCache {
  private static final String SUFFIX = ".woven";

  private BesideCache() {}

  /** How to weave in this JVM. */
  static Weaving weaving(JdkInternals internals, AgentJar jar) {
    Weaving anew = new Weaving.Anew();
    try {
      File output = internals.aotCache("-XX:AOTCacheOutput=");
      if (output != null) {
        return internals.makesAotCache() ? new Training(beside(output), jar.identity()) : anew;
      }
      File cache = internals.aotCache("-XX:AOTCache=");
      if (cache != null && !internals.makesAotCache()) {
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

  private static File beside(File cache) {
    return new File(cache.getPath() + SUFFIX);
  }
}
