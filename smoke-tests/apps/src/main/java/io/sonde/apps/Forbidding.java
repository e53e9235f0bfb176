package io.sonde.apps;

import java.security.Permission;

/**
 * Forbids the agent to change threads once it has started; what ends a thread without being caught
 * ends the program.
 */
@SuppressWarnings("removal")
public final class Forbidding {
  private Forbidding() {}

  /** Runs it. */
  public static void main(String[] args) throws Exception {
    Thread.setDefaultUncaughtExceptionHandler(
        (thread, thrown) -> {
          System.out.println("UNCAUGHT " + thread.getName() + ' ' + thrown);
          Runtime.getRuntime().halt(3);
        });
    System.setSecurityManager(
        new SecurityManager() {
          @Override
          public void checkPermission(Permission permission) {
            if (permission.getName().equals("setContextClassLoader")) {
              checkAccess(Thread.currentThread());
            }
          }

          @Override
          public void checkAccess(Thread thread) {
            String name = Thread.currentThread().getName();
            if (name.startsWith("sonde") && isChange()) {
              throw new SecurityException("not for " + name);
            }
          }
        });
    System.out.println("FORBIDS");
    Thread.sleep(Long.MAX_VALUE);
  }

  /** Not what the JDK does while a thread is made. */
  private static boolean isChange() {
    for (StackTraceElement frame : new Throwable().getStackTrace()) {
      if (frame.getMethodName().equals("setDaemon")
          || frame.getMethodName().equals("setContextClassLoader")) {
        return true;
      }
    }
    return false;
  }
}
