package io.sonde.weaver;

import io.sonde.core.Messages;
import java.lang.instrument.Instrumentation;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** The module system of Java 9 and newer. */
final class JavaModules extends Modules {
  static {
    known = new JavaModules();
  }

  @Override
  void openFlightRecorder(Instrumentation instrumentation) {
    try {
      Module module = Class.forName("jdk.jfr.FlightRecorder", false, null).getModule();
      Set<Module> ours = Set.of(JavaModules.class.getModule());
      instrumentation.redefineModule(
          module, Set.of(), Map.of(), Map.of("jdk.jfr.internal", ours), Set.of(), Map.of());
    } catch (ClassNotFoundException e) {
      // There is none.
    }
  }

  @Override
  void open(Instrumentation instrumentation, String... packages) {
    Set<Module> ours = Set.of(JavaModules.class.getModule());
    Map<String, Set<Module>> opens = new HashMap<>();
    for (String name : packages) {
      opens.put(name, ours);
    }
    instrumentation.redefineModule(
        Object.class.getModule(), ours, Map.of(), opens, Set.of(), Map.of());
  }

  @Override
  Transformer transformer(
      Instrumentation instrumentation,
      Index index,
      Definitions definitions,
      Weaver.Watcher watcher,
      Report report,
      Messages messages) {
    return new ModuleTransformer(instrumentation, index, definitions, watcher, report, messages);
  }
}
