package io.sonde.weaver;

import io.sonde.core.Messages;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.security.AccessController;
import java.security.CodeSource;
import java.security.PrivilegedAction;
import java.security.ProtectionDomain;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Weaves targets as they are loaded; everything else passes after one look-up. */
class Transformer implements ClassFileTransformer {
  private static final long END_STEP_MILLIS = 2;

  /**
   * How many classes came by; a few may be missing, where threads load at the same time. It only
   * tells whether the application still starts.
   */
  static int seen;

  /** In a JVM that makes an AOT cache, else null. */
  @Nullable Nests nests;

  Weaving weaving = new Weaving.Anew();

  private final Index index;
  private final Definitions definitions;
  private final Weaver.Watcher watcher;
  private final Report report;
  private final Messages messages;
  private final AtomicInteger underWay = new AtomicInteger();

  Transformer(
      Index index,
      Definitions definitions,
      Weaver.Watcher watcher,
      Report report,
      Messages messages) {
    this.index = index;
    this.definitions = definitions;
    this.watcher = watcher;
    this.report = report;
    this.messages = messages;
  }

  @Override
  public byte @Nullable [] transform(
      @Nullable ClassLoader loader,
      @Nullable String name,
      @Nullable Class<?> redefined,
      @Nullable ProtectionDomain domain,
      byte[] bytes) {
    return transform(loader, name, redefined, domain, bytes, null);
  }

  final byte @Nullable [] transform(
      @Nullable ClassLoader loader,
      @Nullable String name,
      @Nullable Class<?> redefined,
      @Nullable ProtectionDomain domain,
      byte[] bytes,
      @Nullable Object module) {
    underWay.incrementAndGet();
    try {
      return look(loader, name, redefined, domain, bytes, module);
    } finally {
      underWay.decrementAndGet();
    }
  }

  private byte @Nullable [] look(
      @Nullable ClassLoader loader,
      @Nullable String name,
      @Nullable Class<?> redefined,
      @Nullable ProtectionDomain domain,
      byte[] bytes,
      @Nullable Object module) {
    seen++;
    if (name == null) {
      return null;
    }
    Rule[] rules = index.of(name);
    if (rules == null) {
      rules = loader != null && index.mayImplement(name) ? implementing(name, bytes) : null;
      if (rules == null) {
        return nests == null ? null : nests.leftOut(name, bytes);
      }
    }
    if (rules == Index.WATCHED) {
      watcher.loaded(name.replace('/', '.'));
      return null;
    }
    return hit(loader, name, redefined, domain, bytes, module, rules);
  }

  /** Gets no more classes, and returns when it is through with those that it has got. */
  final void end(Instrumentation instrumentation, long mostNanos) {
    instrumentation.removeTransformer(this);
    long begun = System.nanoTime();
    try {
      do {
        Thread.sleep(END_STEP_MILLIS); // a class may have been on its way here or back
      } while (underWay.get() > 0 && System.nanoTime() - begun < mostNanos);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** What is defined in this loader and a class of this module are about to call each other. */
  void connect(@Nullable Object module, ClassLoader loader) {}

  /** Looks at the head of the class, which its name commends. */
  private Rule @Nullable [] implementing(String name, byte[] bytes) {
    try {
      ClassFile file = new ClassFile(bytes);
      if (file.isInterface()) {
        return null;
      }
      String[] interfaces = new String[file.interfaces()];
      for (int i = 0; i < interfaces.length; i++) {
        interfaces[i] = file.interfaceName(i);
      }
      return index.implementing(name, interfaces);
    } catch (RuntimeException unreadable) {
      return null;
    }
  }

  private byte @Nullable [] hit(
      @Nullable ClassLoader loader,
      String name,
      @Nullable Class<?> redefined,
      @Nullable ProtectionDomain domain,
      byte[] bytes,
      @Nullable Object module,
      Rule[] rules) {
    return AccessController.doPrivileged(
        new PrivilegedAction<byte @Nullable []>() {
          @Override
          public byte @Nullable [] run() {
            try {
              return weave(loader, name, redefined, domain, bytes, module, rules);
            } catch (Throwable thrown) {
              failed(
                  loader,
                  name,
                  domain,
                  rules[0],
                  "weave " + name.replace('/', '.') + ": " + thrown);
              return null;
            }
          }
        });
  }

  private byte @Nullable [] weave(
      @Nullable ClassLoader loader,
      String name,
      @Nullable Class<?> redefined,
      @Nullable ProtectionDomain domain,
      byte[] bytes,
      @Nullable Object module,
      Rule[] rules)
      throws Exception {
    List<Rule> usable = new ArrayList<>(rules.length);
    for (Rule rule : rules) {
      if (rule.off) {
        report.add(rule.library(), "off", name, describe(loader), source(domain), "switched off");
        continue;
      }
      if (loader == null) {
        usable.add(rule);
        continue;
      }
      // Before the definition: a super class may be in a package that the module hides.
      connect(module, loader);
      Definitions.Outcome outcome = definitions.ensure(loader, rule, bytes, domain);
      if (outcome.failure != null) {
        failed(
            loader,
            name,
            domain,
            rule,
            "define " + rule.advice.replace('/', '.') + ": " + outcome.failure);
      } else if (outcome.missing != null) {
        skipped(loader, name, domain, rule, outcome.missing);
      } else {
        usable.add(outcome.jakarta ? rule.jakarta() : rule);
      }
    }
    boolean state = redefined == null ? index.hasState(name, usable) : isAttachable(redefined);
    if (usable.isEmpty() && !state) {
      return null;
    }
    List<Rule> missed = new ArrayList<>();
    byte[] woven = weaving.weave(name, bytes, usable, state, redefined != null, missed);
    Map<String, List<Rule>> missedByAdvice = new LinkedHashMap<>();
    for (Rule rule : missed) {
      if (rule.optional) {
        continue;
      }
      List<Rule> same = missedByAdvice.get(rule.advice);
      if (same == null) {
        missedByAdvice.put(rule.advice, same = new ArrayList<>());
      }
      same.add(rule);
    }
    for (Rule rule : usable) {
      if (!missed.contains(rule)) {
        missedByAdvice.remove(rule.advice);
        report.add(rule.library(), "woven", name, describe(loader), source(domain), "");
      }
    }
    for (List<Rule> without : missedByAdvice.values()) {
      skipped(
          loader, name, domain, without.get(0), "method " + without.get(0).methods[0] + " missing");
    }
    return woven;
  }

  private static boolean isAttachable(Class<?> type) {
    for (Class<?> one : type.getInterfaces()) {
      if (one.getName().equals("io.sonde.core.Attachable")) {
        return true;
      }
    }
    return false;
  }

  private void skipped(
      @Nullable ClassLoader loader,
      String name,
      @Nullable ProtectionDomain domain,
      Rule rule,
      String reason) {
    report.add(rule.library(), "skipped", name, describe(loader), source(domain), reason);
  }

  /** Every class has its line in the report; the user reads one for each cause. */
  private void failed(
      @Nullable ClassLoader loader,
      String name,
      @Nullable ProtectionDomain domain,
      Rule rule,
      String what) {
    report.add(rule.library(), "failed", name, describe(loader), source(domain), what);
    messages.warn(rule.library() + ": could not " + what);
  }

  private static String describe(@Nullable ClassLoader loader) {
    return loader == null
        ? "bootstrap"
        : loader.getClass().getName() + '@' + Integer.toHexString(System.identityHashCode(loader));
  }

  /** The file name of the jar that the class came from, which names the library's version. */
  private static @Nullable String source(@Nullable ProtectionDomain domain) {
    CodeSource source = domain == null ? null : domain.getCodeSource();
    if (source == null || source.getLocation() == null) {
      return null;
    }
    String path = source.getLocation().getPath();
    while (path.endsWith("/") || path.endsWith("!")) {
      path = path.substring(0, path.length() - 1);
    }
    return path.substring(path.lastIndexOf('/') + 1);
  }
}
