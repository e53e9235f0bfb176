package io.sonde.weaver;

import io.sonde.core.AtExit;
import io.sonde.weaver.trust.Writers;
import java.io.File;
import java.io.IOException;
import java.lang.instrument.Instrumentation;

/** The file of woven classes beside an AOT cache, {@code app.aot.woven} beside {@code app.aot}. */
final class BesideCache {
  private static final String SUFFIX = ".woven";

  private BesideCache() {}

  /** How to weave in this JVM. */
  static Weaving weaving(
      JdkInternals internals,
      AgentJar jar,
      Instrumentation instrumentation,
      Index index,
      Weaver weaver) {
    Weaving anew = new Weaving.Anew();
    try {
      File output = internals.aotCache("-XX:AOTCacheOutput=");
      if (output != null) {
        return internals.makesAotCache()
            ? training(beside(output), jar, instrumentation, index, weaver)
            : anew;
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

  private static Weaving training(
      File file, AgentJar jar, Instrumentation instrumentation, Index index, Weaver weaver)
      throws IOException {
    Training training = new Training(file, jar.identity(), instrumentation, weaver);
    instrumentation.addTransformer(new Training.Copies(index), false);
    Thread thread = new Thread(null, training, "sonde-training", 0);
    thread.setDaemon(true);
    thread.setContextClassLoader(null);
    thread.start();
    AtExit.run(
        "sonde-training-end",
        new Runnable() {
          @Override
          public void run() {
            training.end();
          }
        });
    return training;
  }
}
