package io.sonde.core;

/** What the JVM's end waits for. */
public final class AtExit {
  private AtExit() {}

  /**
   * Runs {@code work} on a thread of this name when the JVM begins to end; false where it is on its
   * way out already and will not.
   */
  public static boolean run(String name, Runnable work) {
    Thread hook = new Thread(null, work, name, 0);
    hook.setContextClassLoader(null);
    try {
      Runtime.getRuntime().addShutdownHook(hook);
      return true;
    } catch (IllegalStateException e) {
      return false;
    }
  }
}
