package io.sonde.weaver;

import io.sonde.core.Messages;
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

  /** Called by {@link JavaModules}. */
  ModuleTransformer(
      Instrumentation instrumentation,
      Index index,
      Definitions definitions,
      Weaver.Watcher watcher,
      Report report,
      Messages messages) {
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
    return transform(loader, name, redefined, domain, bytes, module);
  }

  @Override
  void connect(@Nullable Object of, ClassLoader loader) {
    Module module = (Module) of;
    if (module == null || !module.isNamed()) {
      return;
    }
    Module ours = loader.getUnnamedModule();
    Set<Module> to = Set.of(ours);
    Map<String, Set<Module>> exports = new HashMap<>();
    for (String name : module.getPackages()) {
      if (!module.isExported(name, ours)) {
        exports.put(name, to);
      }
    }
    // An automatic module, or one started with --add-reads, may read us and still hide packages.
    if (!exports.isEmpty() || !module.canRead(ours)) {
      instrumentation.redefineModule(module, to, exports, Map.of(), Set.of(), Map.of());
    }
  }
}
