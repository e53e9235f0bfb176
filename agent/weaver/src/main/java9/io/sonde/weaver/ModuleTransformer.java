package io.sonde.weaver;

import java.lang.instrument.Instrumentation;
import java.security.ProtectionDomain;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The transformer of JDK 9 and newer: a woven class of a named module gets to read what is defined
 * for it in its loader's unnamed module, which in turn gets to see the module's packages.
 */
final class ModuleTransformer extends Transformer {
  private final Instrumentation instrumentation;

  /** Called through reflection. */
  ModuleTransformer(
      Instrumentation instrumentation,
      Index index,
      Definitions definitions,
      Weaver.Watcher watcher,
      Report report,
      Weaver.Messages messages) {
    super(index, definitions, watcher, report, messages);
    this.instrumentation = instrumentation;
  }

  @Override
  public byte @Nullable [] transform(
      Module module,
      @Nullable ClassLoader loader,
      @Nullable String name,
      @Nullable Class<?> redefined,
      @Nullable ProtectionDomain domain,
      byte[] bytes) {
    byte[] woven = transform(loader, name, redefined, domain, bytes);
    if (woven != null && loader != null && module.isNamed()) {
      connect(module, loader.getUnnamedModule());
    }
    return woven;
  }

  private void connect(Module module, Module ours) {
    if (module.canRead(ours)) {
      return;
    }
    Set<Module> to = Set.of(ours);
    Map<String, Set<Module>> exports = new HashMap<>();
    for (String hidden : module.getPackages()) {
      exports.put(hidden, to);
    }
    instrumentation.redefineModule(module, to, exports, Map.of(), Set.of(), Map.of());
  }
}
