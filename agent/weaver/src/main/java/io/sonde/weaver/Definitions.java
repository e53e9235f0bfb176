package io.sonde.weaver;

import io.sonde.core.Attached;
import java.io.IOException;
import java.lang.ref.SoftReference;
import java.nio.charset.StandardCharsets;
import java.security.ProtectionDomain;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Brings instrumentation classes into the loaders of the libraries they are for: reads them and
 * what they need, renames javax to jakarta where the library wants that, checks their links,
 * defines them.
 *
 * <p>No lock is held while a loader is called: two threads may both do the work, the loader keeps
 * what came first.
 */
final class Definitions {
  private static final String OURS = "io/sonde/instrumentation/";
  private static final byte[] OURS_BYTES = OURS.getBytes(StandardCharsets.US_ASCII);

  private final AgentJar jar;
  private final Definer definer;
  private volatile SoftReference<LinkCheck> lastCheck = new SoftReference<>(null);
  private final Attached<Done> byLoader = new Attached<>();

  Definitions(AgentJar jar, Definer definer) {
    this.jar = jar;
    this.definer = definer;
  }

  /**
   * Makes the rule's advice callable from classes of {@code loader}, or says why it cannot be; what
   * failed once is not tried again.
   */
  Outcome ensure(ClassLoader loader, Rule rule, byte[] target, @Nullable ProtectionDomain domain) {
    Done done = byLoader.get(loader);
    if (done == null) {
      synchronized (byLoader) {
        done = byLoader.get(loader);
        if (done == null) {
          byLoader.set(loader, done = new Done());
        }
      }
    }
    Outcome outcome = done.outcomes.get(rule.advice);
    if (outcome == null) {
      outcome = attempt(loader, done, rule.advice, Jakarta.wanted(target), domain);
      if (!outcome.passing) {
        done.outcomes.put(rule.advice, outcome);
      }
    }
    return outcome;
  }

  private Outcome attempt(
      ClassLoader loader,
      Done done,
      String advice,
      boolean jakarta,
      @Nullable ProtectionDomain domain) {
    try {
      Outcome outcome = define(loader, done, advice, jakarta, domain);
      if (outcome.missing == null) {
        return outcome;
      }
      // A target that speaks of neither says nothing: what fits the loader is right.
      Outcome other = define(loader, done, advice, !jakarta, domain);
      return other.missing == null ? other : outcome;
    } catch (VirtualMachineError | ClassCircularityError passing) {
      throw passing; // Says nothing of the next class: it may find memory, or be loaded by itself.
    } catch (IOException passing) {
      return new Outcome(null, passing.toString(), jakarta, true); // Such as too many open files.
    } catch (Throwable thrown) {
      return new Outcome(null, thrown.toString(), jakarta);
    }
  }

  private Outcome define(
      ClassLoader loader,
      Done done,
      String advice,
      boolean jakarta,
      @Nullable ProtectionDomain domain)
      throws IOException, ReflectiveOperationException {
    Set<String> defined = jakarta ? done.jakarta : done.javax;
    Map<String, byte[]> classes = new LinkedHashMap<>();
    Map<String, ClassFile> parsed = new LinkedHashMap<>();
    collect(advice, jakarta, defined, classes, parsed);
    LinkCheck check = check(loader);
    for (ClassFile file : parsed.values()) {
      String missing = check.missing(file);
      if (missing != null) {
        return new Outcome(missing, null, jakarta);
      }
    }
    for (Map.Entry<String, byte[]> one : classes.entrySet()) {
      definer.define(loader, one.getKey().replace('/', '.'), one.getValue(), domain);
    }
    defined.addAll(classes.keySet());
    return new Outcome(null, null, jakarta);
  }

  /** The instrumentations of one library look at the same few of its classes. */
  private LinkCheck check(ClassLoader loader) {
    LinkCheck last = lastCheck.get();
    if (last == null || !last.isFor(loader)) {
      last = new LinkCheck(loader);
      lastCheck = new SoftReference<>(last);
    }
    return last;
  }

  /**
   * Adds the class and everything of ours that it refers to, super classes first; nothing that is
   * defined, for then all that it refers to is, too.
   */
  private void collect(
      String name,
      boolean jakarta,
      Set<String> defined,
      Map<String, byte[]> classes,
      Map<String, ClassFile> parsed)
      throws IOException {
    if (parsed.containsKey(name) || defined.contains(name)) {
      return;
    }
    byte[] bytes = jar.instrumentation(name);
    if (bytes == null) {
      throw new IOException("instrumentation class " + name + " is not in the agent's jar");
    }
    if (jakarta) {
      bytes = Jakarta.rename(bytes);
    }
    ClassFile file = new ClassFile(bytes);
    parsed.put(name, file);
    String superName = file.superName();
    if (superName != null && superName.startsWith(OURS)) {
      collect(superName, jakarta, defined, classes, parsed);
    }
    for (int i = 0; i < file.interfaces(); i++) {
      String parent = file.interfaceName(i);
      if (parent.startsWith(OURS)) {
        collect(parent, jakarta, defined, classes, parsed);
      }
    }
    classes.put(name, bytes);
    for (int i = 1; i < file.constants(); i++) {
      String other = file.classAt(i, OURS_BYTES);
      if (other != null) {
        collect(other, jakarta, defined, classes, parsed);
      }
    }
  }

  /** What was done for a loader. */
  private static final class Done {
    final Map<String, Outcome> outcomes = new ConcurrentHashMap<>();

    /** Checked and defined with everything they refer to, as they are written or renamed. */
    final Set<String> javax = ConcurrentHashMap.newKeySet();

    final Set<String> jakarta = ConcurrentHashMap.newKeySet();
  }

  /** What became of an instrumentation class in a loader. */
  static final class Outcome {
    /** What the library lacks, or null. */
    final @Nullable String missing;

    /** What went wrong, or null. As text: a Throwable could keep the loader alive. */
    final @Nullable String failure;

    /** Whether javax was renamed to jakarta. */
    final boolean jakarta;

    /** Whether the next class may have more luck. */
    final boolean passing;

    Outcome(@Nullable String missing, @Nullable String failure, boolean jakarta) {
      this(missing, failure, jakarta, false);
    }

    Outcome(@Nullable String missing, @Nullable String failure, boolean jakarta, boolean passing) {
      this.missing = missing;
      this.failure = failure;
      this.jakarta = jakarta;
      this.passing = passing;
    }
  }
}
