package io.sonde.weaver;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.security.CodeSource;
import java.security.ProtectionDomain;
import java.security.cert.Certificate;
import org.jspecify.annotations.Nullable;

/**
 * Defines classes in other class loaders, by the one method that every loader has.
 *
 * <p>Where there is a security manager they have the rights of the library they are for. From JDK
 * 24 on they have no protection domain: with one they would claim to come from the library's jar, a
 * JVM that makes an AOT cache believes that, and the next one crashes on not finding them there.
 */
final class Definer {
  private static final int FIRST_WITHOUT_SECURITY_MANAGER = 24;

  private final Method defineClass;
  private final boolean domainsMatter;

  /** Where there are modules, {@link JdkInternals} has opened java.lang. */
  Definer() throws ReflectiveOperationException {
    defineClass =
        ClassLoader.class.getDeclaredMethod(
            "defineClass",
            String.class,
            byte[].class,
            int.class,
            int.class,
            ProtectionDomain.class);
    defineClass.setAccessible(true);
    String version = System.getProperty("java.specification.version", "");
    domainsMatter =
        version.startsWith("1.") || Integer.parseInt(version) < FIRST_WITHOUT_SECURITY_MANAGER;
  }

  /** Defines the class; one that the loader has already stays. */
  void define(ClassLoader loader, String name, byte[] bytes, @Nullable ProtectionDomain domain)
      throws ReflectiveOperationException {
    try {
      defineClass.invoke(
          loader, name, bytes, 0, bytes.length, domainsMatter ? unsigned(domain) : null);
    } catch (InvocationTargetException e) {
      Throwable cause = e.getCause();
      if (!(cause instanceof LinkageError)
          || !String.valueOf(cause.getMessage()).contains("duplicate")) {
        if (cause instanceof Error) {
          throw (Error) cause;
        }
        if (cause instanceof RuntimeException) {
          throw (RuntimeException) cause;
        }
        throw e;
      }
    }
  }

  /**
   * The same rights without the signers: classes of one package must agree in them, and ours come
   * beside libraries that are signed by different people.
   */
  private static @Nullable ProtectionDomain unsigned(@Nullable ProtectionDomain domain) {
    CodeSource source = domain == null ? null : domain.getCodeSource();
    if (domain == null || source == null || source.getCertificates() == null) {
      return domain;
    }
    return new ProtectionDomain(
        new CodeSource(source.getLocation(), (Certificate[]) null),
        domain.getPermissions(),
        domain.getClassLoader(),
        domain.getPrincipals());
  }
}
