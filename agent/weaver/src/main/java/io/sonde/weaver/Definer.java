package io.sonde.weaver;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.security.ProtectionDomain;
import org.jspecify.annotations.Nullable;

/** Defines classes in other class loaders, by the one method that every loader has. */
final class Definer {
  private final Method defineClass;

  Definer(JdkInternals internals) throws ReflectiveOperationException {
    internals.open("java.lang");
    defineClass =
        ClassLoader.class.getDeclaredMethod(
            "defineClass",
            String.class,
            byte[].class,
            int.class,
            int.class,
            ProtectionDomain.class);
    defineClass.setAccessible(true);
  }

  /** Defines the class; one that the loader has already stays. */
  void define(ClassLoader loader, String name, byte[] bytes, @Nullable ProtectionDomain domain)
      throws ReflectiveOperationException {
    try {
      defineClass.invoke(loader, name, bytes, 0, bytes.length, domain);
    } catch (InvocationTargetException e) {
      Throwable cause = e.getCause();
      if (!(cause instanceof LinkageError)
          || !String.valueOf(cause.getMessage()).contains("duplicate")) {
        throw e;
      }
    }
  }
}
