package io.sonde.apps;

import java.security.Permission;
import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;

/** Prints which files were read by the time that {@code main} begins, as the security manager. */
public final class AtMain extends SecurityManager {
  private static final Set<String> READ = Collections.synchronizedSet(new TreeSet<>());

  /** Called by the JVM, by the name in {@code java.security.manager}. */
  public AtMain() {}

  @Override
  public void checkRead(String file) {
    READ.add(file);
  }

  @Override
  public void checkPermission(Permission permission) {
    // Everything is allowed.
  }

  @Override
  public void checkPermission(Permission permission, Object context) {
    // Everything is allowed.
  }

  /** Prints them. */
  public static void main(String[] args) {
    for (String file : READ.toArray(new String[0])) {
      System.out.println("READ " + file);
    }
  }
}
