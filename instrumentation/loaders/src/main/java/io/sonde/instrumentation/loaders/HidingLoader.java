package io.sonde.instrumentation.loaders;

import io.sonde.core.Weave;
import net.bytebuddy.asm.Advice;
import org.jspecify.annotations.Nullable;

/**
 * Lets Felix, Equinox and JBoss Modules, which delegate java packages only, find the core that
 * woven code calls.
 */
@Weave(
    type = {
      "org.apache.felix.framework.BundleWiringImpl$BundleClassLoader",
      "org.apache.felix.framework.ModuleImpl$ModuleClassLoader",
      "org.eclipse.osgi.internal.loader.ModuleClassLoader",
      "org.eclipse.osgi.internal.baseadaptor.DefaultClassLoader",
      "org.jboss.modules.ConcurrentClassLoader",
      "org.knopflerfish.framework.BundleClassLoader"
    },
    method = {"loadClass(java.lang.String,boolean)", "loadClass(java.lang.String)"})
public final class HidingLoader {
  private static final String CORE = "io.sonde.core.";

  private HidingLoader() {}

  /** A class of the core comes from the boot loader; everything else goes the loader's own way. */
  @Advice.OnMethodEnter(
      inline = false,
      suppress = Throwable.class,
      skipOn = Advice.OnNonDefaultValue.class)
  public static @Nullable Class<?> enter(@Advice.Argument(0) @Nullable String name) {
    if (name == null || !name.startsWith(CORE)) {
      return null;
    }
    try {
      return Class.forName(name, false, null);
    } catch (ClassNotFoundException e) {
      return null;
    }
  }

  @Advice.OnMethodExit(inline = false, suppress = Throwable.class)
  @Advice.AssignReturned.ToReturned
  public static @Nullable Class<?> exit(
      @Advice.Enter @Nullable Class<?> core, @Advice.Return @Nullable Class<?> found) {
    return core != null ? core : found;
  }
}
