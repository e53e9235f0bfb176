package io.sonde.weaver;

import java.lang.instrument.Instrumentation;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.security.ProtectionDomain;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Defines classes in other class loaders, by the one method that every loader has. */
final class Definer {
  private final Method defineClass;
  private final @Nullable Modules modules;

  Definer(Instrumentation instrumentation) throws ReflectiveOperationException {
    modules = Modules.of(instrumentation);
    if (modules != null) {
      modules.open(Object.class, "java.lang", Definer.class);
    }
    defineClass =
        ClassLoader.class.getDeclaredMethod(
            "defineClass", String.class, byte[].class, int.class, int.class, ProtectionDomain.class);
    defineClass.setAccessible(true);
  }

  /** Defines the class; one that the loader has already stays. */
  void define(ClassLoader loader, String name, byte[] bytes, @Nullable ProtectionDomain domain)
      throws ReflectiveOperationException {
    try {
      defineClass.invoke(loader, name, bytes, 0, bytes.length, domain);
    } catch (InvocationTargetException e) {
      Throwable cause = e.getCause();
      if (!(cause instanceof LinkageError) || !String.valueOf(cause.getMessage()).contains("duplicate")) {
        throw e;
      }
    }
  }

  /** Lets a class of a named module call what is defined in its loader's unnamed module. */
  void readable(ClassLoader loader, String targetPackage) throws ReflectiveOperationException {
    if (modules != null) {
      modules.addRead(loader, targetPackage);
    }
  }

  /** The module system by reflection, since this is Java 8. */
  private static final class Modules {
    private final Instrumentation instrumentation;
    private final Method getModule;
    private final Method redefineModule;

    private Modules(Instrumentation instrumentation, Class<?> module)
        throws ReflectiveOperationException {
      this.instrumentation = instrumentation;
      getModule = Class.class.getMethod("getModule");
      redefineModule =
          Instrumentation.class.getMethod(
              "redefineModule",
              module,
              Set.class,
              Map.class,
              Map.class,
              Set.class,
              Map.class);
    }

    static @Nullable Modules of(Instrumentation instrumentation)
        throws ReflectiveOperationException {
      Class<?> module;
      try {
        module = Class.forName("java.lang.Module");
      } catch (ClassNotFoundException e) {
        return null;
      }
      return new Modules(instrumentation, module);
    }

    void open(Class<?> ofModule, String packageName, Class<?> to)
        throws ReflectiveOperationException {
      redefine(
          getModule.invoke(ofModule),
          Collections.emptySet(),
          Collections.singletonMap(packageName, Collections.singleton(getModule.invoke(to))));
    }

    void addRead(ClassLoader loader, String packageName) throws ReflectiveOperationException {
      Object unnamed = ClassLoader.class.getMethod("getUnnamedModule").invoke(loader);
      Class<?> layerType = Class.forName("java.lang.ModuleLayer");
      Object boot = layerType.getMethod("boot").invoke(null);
      Class<?> moduleType = Class.forName("java.lang.Module");
      Method getPackages = moduleType.getMethod("getPackages");
      Method getLoader = moduleType.getMethod("getClassLoader");
      for (Object module : (Set<?>) layerType.getMethod("modules").invoke(boot)) {
        if (getLoader.invoke(module) == loader
            && ((Set<?>) getPackages.invoke(module)).contains(packageName)) {
          redefine(module, Collections.singleton(unnamed), Collections.emptyMap());
        }
      }
    }

    private void redefine(Object module, Set<?> reads, Map<?, ?> opens)
        throws ReflectiveOperationException {
      redefineModule.invoke(
          instrumentation,
          module,
          reads,
          Collections.emptyMap(),
          opens,
          Collections.emptySet(),
          Collections.emptyMap());
    }
  }
}
