package io.sonde.weaver;

import io.sonde.core.AtExit;
import io.sonde.core.Discovery;
import io.sonde.core.Fence;
import io.sonde.core.Messages;
import java.lang.instrument.Instrumentation;
import java.lang.instrument.UnmodifiableClassException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Starts weaving in this JVM: what is loaded later, what is loaded already, and what is discovered.
 */
public final class Weaver implements Discovery.Finder, Fence.Listener {
  /** The roles that a class was retransformed for. */
  private static final ClassValue<Set<String>> ROLES =
      new ClassValue<Set<String>>() {
        @Override
        protected Set<String> computeValue(Class<?> type) {
          return new HashSet<>();
        }
      };

  /** How long the JVM's end waits for classes that are being woven. */
  private static final long END_NANOS = 1_000_000_000;

  private final Instrumentation instrumentation;
  private final Index index;
  private final Report report;
  private final Messages messages;
  private final Failures failures;
  private final long started = System.nanoTime();
  private final @Nullable Nests nests;

  /** Without the transformer what was woven would be taken out. */
  private volatile boolean ended;

  private Weaver(
      Instrumentation instrumentation,
      Index index,
      @Nullable Nests nests,
      Report report,
      Messages messages) {
    this.nests = nests;
    this.instrumentation = instrumentation;
    this.index = index;
    this.report = report;
    this.messages = messages;
    failures = new Failures(index.size());
  }

  /** Reads the index, adds the transformer and weaves what is loaded already. */
  public static Report start(
      Instrumentation instrumentation,
      JdkInternals internals,
      AgentJar jar,
      Enabled enabled,
      Watcher watcher,
      Messages messages)
      throws Exception {
    Index index = new Index(jar.index(), enabled);
    for (String name : watcher.names()) {
      index.watch(name.replace('.', '/'));
    }
    Report report = new Report();
    Nests nests = internals.makesFragileAotCache() ? new Nests(index) : null;
    Weaver weaver = new Weaver(instrumentation, index, nests, report, messages);
    Definitions definitions = new Definitions(jar, new Definer());
    Modules modules = internals.modules();
    Transformer transformer =
        modules != null
            ? modules.transformer(instrumentation, index, definitions, watcher, report, messages)
            : new Transformer(index, definitions, watcher, report, messages);
    transformer.nests = nests;
    transformer.weaving = BesideCache.weaving(internals, jar, messages);
    instrumentation.addTransformer(transformer, true);
    if (internals.endWaitsForTransformers()) {
      AtExit.run(
          "sonde-weaver-end",
          new Runnable() { // No lambda before main.
            @Override
            public void run() {
              weaver.ended = true;
              transformer.end(instrumentation, END_NANOS);
            }
          });
    }
    Discovery.finder(weaver);
    Fence.listener(weaver);
    weaver.weaveLoaded();
    return report;
  }

  /** About how many classes were loaded since the start, woven or not. */
  public static int loadedClasses() {
    return Transformer.seen;
  }

  /**
   * A JVM with an AOT cache has ten thousand classes by now, so each is asked for its name once and
   * looked up once.
   *
   * <p>Class loaders come first, in a call of their own: one that hides our core shows it from the
   * end of that call on, and what is woven in its classes needs the core.
   */
  private void weaveLoaded() {
    Set<String> names = index.dottedNames();
    List<Class<?>> parents = new ArrayList<>();
    List<Class<?>> loaders = new ArrayList<>();
    Set<Class<?>> targets = new LinkedHashSet<>();
    Class<?>[] loaded = instrumentation.getAllLoadedClasses();
    for (Class<?> type : loaded) {
      String name = type.getName();
      if (!names.contains(name)) {
        continue;
      }
      if (type.isInterface() && index.roleOfInterface(name) != null) {
        parents.add(type);
      }
      if (index.of(name.replace('.', '/')) != null && instrumentation.isModifiableClass(type)) {
        (ClassLoader.class.isAssignableFrom(type) ? loaders : targets).add(type);
      }
    }
    retransform(loaders);
    for (Class<?> parent : parents) {
      discoverLoaded(parent, loaded, targets);
    }
    retransform(new ArrayList<>(targets));
  }

  private void discoverLoaded(Class<?> parent, Class<?>[] loaded, Set<Class<?>> targets) {
    String role = String.valueOf(index.roleOfInterface(parent.getName()));
    for (Class<?> type : loaded) {
      if (parent.isAssignableFrom(type) && !type.isInterface()) {
        targets.addAll(discover(type, role));
      }
    }
  }

  private void retransform(List<Class<?>> targets) {
    if (targets.isEmpty() || ended) {
      return;
    }
    List<Class<?>> types =
        nests == null ? targets : nests.withNested(targets, instrumentation.getAllLoadedClasses());
    try {
      instrumentation.retransformClasses(types.toArray(new Class<?>[0]));
    } catch (UnmodifiableClassException
        | LinkageError
        | InternalError
        | RuntimeException together) {
      // One bad class spoils the whole call: one by one, the others still go.
      for (Class<?> type : types) {
        try {
          instrumentation.retransformClasses(type);
        } catch (UnmodifiableClassException | LinkageError | InternalError | RuntimeException e) {
          messages.warn("could not weave " + type.getName() + ", which is loaded already: " + e);
        }
      }
    }
  }

  @Override
  public void found(Class<?> type, String role) {
    retransform(discover(type, role));
  }

  /** Gives the class and its super classes the role's rules; returns those that are to be woven. */
  private List<Class<?>> discover(Class<?> type, String role) {
    List<Class<?>> targets = new ArrayList<>();
    for (Class<?> c = type; c != null && c.getClassLoader() != null; c = c.getSuperclass()) {
      // Another loader may have loaded its own before the name was known: each class has its turn.
      if (index.discover(c.getName().replace('.', '/'), role)
          && instrumentation.isModifiableClass(c)
          && first(c, role)) {
        targets.add(c);
      }
    }
    return targets;
  }

  private static boolean first(Class<?> type, String role) {
    Set<String> roles = ROLES.get(type);
    synchronized (roles) {
      return roles.add(role);
    }
  }

  @Override
  public void failed(int id, Throwable thrown) {
    if (thrown instanceof VirtualMachineError) {
      return; // The application's own stack or heap is at its end, which says nothing of the rule.
    }
    Rule rule = index.rule(id);
    boolean first = failures.none(id);
    boolean tooMany = failures.add(id, System.nanoTime() - started);
    synchronized (rule) {
      if (rule.off) {
        return; // Somebody is still inside of what was woven before.
      }
      rule.off = tooMany;
    }
    if (tooMany) {
      takenOut(rule, thrown);
    } else if (first) {
      messages.warn(
          rule.library()
              + ": "
              + rule.advice.replace('/', '.')
              + " failed, the application goes on: "
              + thrown);
    }
  }

  private void takenOut(Rule rule, Throwable thrown) {
    String why = "taken out after " + Failures.MAX + " failures";
    messages.warn(rule.library() + ": " + why);
    report.add(rule.library(), "off", rule.types[0], "", null, why + ": " + thrown);
    Thread thread =
        new Thread("sonde-weaver") {
          @Override
          public void run() {
            try {
              takeOut(rule);
            } catch (Throwable e) {
              messages.warn(rule.library() + ": could not be taken out: " + e);
            }
          }
        };
    try {
      thread.setDaemon(true);
      thread.setContextClassLoader(null);
      thread.start();
    } catch (RuntimeException e) {
      messages.warn(rule.library() + ": could not be taken out: " + e);
    }
  }

  private void takeOut(Rule rule) {
    List<Class<?>> targets = new ArrayList<>();
    for (Class<?> type : instrumentation.getAllLoadedClasses()) {
      Rule[] rules = index.of(type.getName().replace('.', '/'));
      for (int i = 0; rules != null && i < rules.length; i++) {
        if (rules[i] == rule && instrumentation.isModifiableClass(type)) {
          targets.add(type);
        }
      }
    }
    retransform(targets);
  }

  /** Decides which libraries are instrumented. */
  public interface Enabled {
    /** Whether this library is. */
    boolean contains(String library);
  }

  /** Wants to know when certain classes are loaded. */
  public interface Watcher {
    /** Their names. */
    List<String> names();

    /** One of them is being loaded. */
    void loaded(String name);
  }
}
