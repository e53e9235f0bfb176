package io.sonde.weaver;

import io.sonde.weaver.trust.Writers;
import java.io.File;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.security.ProtectionDomain;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Weaves in a JVM that trains an AOT cache, and writes what it wove into the file beside the cache.
 *
 * <p>A woven class is not in the cache, but others there can make the JVM load it before the agent
 * starts. It is woven in place then, and the JVM shows not the bytes of the class file but what it
 * makes of the loaded class. To have seen both, this loads each target as it is, and weaves it a
 * moment later.
 */
final class Training implements Weaving, Runnable {
  private static final long PAUSE_NANOS = 100_000_000;

  private final File file;
  private final long identity;
  private final Instrumentation instrumentation;
  private final Weaver weaver;
  private final KeptList kept = new KeptList();
  private final Set<String> unwoven = new HashSet<>();

  Training(File file, long identity, Instrumentation instrumentation, Weaver weaver) {
    this.file = file;
    this.identity = identity;
    this.instrumentation = instrumentation;
    this.weaver = weaver;
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
    if (loaded || woven == null) {
      return woven;
    }
    synchronized (unwoven) {
      unwoven.add(name.replace('/', '.'));
    }
    return null;
  }

  @Override
  public void run() {
    boolean read = false;
    while (true) {
      LockSupport.parkNanos(this, PAUSE_NANOS);
      weaveLoaded();
      if (write() && !read) {
        read = true;
        rehearse();
      }
    }
  }

  /** Reads the file once, so that the cache holds what reads it. */
  private void rehearse() {
    if (Writers.areOf(file, file)) {
      KeptClasses.open(file, identity, this);
    }
  }

  private void weaveLoaded() {
    Set<String> names;
    synchronized (unwoven) {
      if (unwoven.isEmpty()) {
        return;
      }
      names = new HashSet<>(unwoven);
    }
    List<Class<?>> targets = new ArrayList<>();
    for (Class<?> type : instrumentation.getAllLoadedClasses()) {
      if (names.contains(type.getName()) && instrumentation.isModifiableClass(type)) {
        targets.add(type);
      }
    }
    synchronized (unwoven) {
      for (Class<?> target : targets) {
        unwoven.remove(target.getName());
      }
    }
    weaver.retransform(targets);
  }

  /** What was loaded in the last moment counts, too. */
  void end() {
    weaveLoaded();
    write();
  }

  private boolean write() {
    return kept.write(file, identity);
  }

  /**
   * Gives the JVM a copy of each target as it is loaded: to the JVM it was changed, and stays out
   * of the cache from the first moment. To be added as one that does not retransform, so that the
   * JVM does not keep the bytes.
   */
  static final class Copies implements ClassFileTransformer {
    private final Index index;

    Copies(Index index) {
      this.index = index;
    }

    @Override
    public byte @Nullable [] transform(
        @Nullable ClassLoader loader,
        @Nullable String name,
        @Nullable Class<?> redefined,
        @Nullable ProtectionDomain domain,
        byte[] bytes) {
      if (name == null || redefined != null) {
        return null;
      }
      Rule[] rules = index.of(name);
      return rules == null || rules == Index.WATCHED ? null : bytes.clone();
    }
  }
}
