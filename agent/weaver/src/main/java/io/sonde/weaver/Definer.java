package io.sonde.weaver;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URL;
import java.security.CodeSource;
import java.security.ProtectionDomain;
import java.security.cert.Certificate;
import org.jspecify.annotations.Nullable;

/** Defines classes in other class loaders, by the one method that every loader has. */
final class Definer {
  private static final int FIRST_WITHOUT_SECURITY_MANAGER = 24;

  private final Method defineClass;
  private final boolean domainsMatter;

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
    String version = System.getProperty("java.specification.version", "");
    domainsMatter =
        version.startsWith("1.") || Integer.parseInt(version) < FIRST_WITHOUT_SECURITY_MANAGER;
  }

  /** Defines the class; one that the loader has already stays. */
  void define(ClassLoader loader, String name, byte[] bytes, @Nullable ProtectionDomain domain)
      throws ReflectiveOperationException {
    try {
      defineClass.invoke(
          loader, name, bytes, 0, bytes.length, isOfJdkImage(domain) ? null : unsigned(domain));
    } catch (InvocationTargetException e) {
      Throwable cause = e.getCause();
      if (!(cause instanceof LinkageError)
          || !String.valueOf(cause.getMessage()).contains("duplicate")) {
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

  /**
   * Whether a class in this domain would claim to come from the JDK's own image. The JVM believes
   * that when it makes an AOT cache, and crashes on not finding it there.
   */
  private boolean isOfJdkImage(@Nullable ProtectionDomain domain) {
    if (domainsMatter || domain == null) {
      return false;
    }
    CodeSource source = domain.getCodeSource();
    URL location = source == null ? null : source.getLocation();
    return location != null && location.getProtocol().equals("jrt");
  }
}
