package io.sonde.agent;

import io.sonde.core.Messages;

/**
 * The agent's threads and those that they start: what ends one of them is told in a line, not by
 * the application's handler of uncaught exceptions, which may print it as the application's own or
 * end the JVM.
 */
final class OwnGroup extends ThreadGroup {
  private final Messages messages;

  /** Beside the application's groups, which it may count, interrupt or wait for. */
  OwnGroup(Messages messages) {
    super(root(), "sonde");
    this.messages = messages;
  }

  private static ThreadGroup root() {
    ThreadGroup root = Thread.currentThread().getThreadGroup();
    for (ThreadGroup above = root; above != null; above = above.getParent()) {
      root = above;
    }
    return root;
  }

  @Override
  public void uncaughtException(Thread thread, Throwable thrown) {
    if (!own(thread.getName())) {
      super.uncaughtException(thread, thrown); // to the application's handler
      return;
    }
    messages.warn("the agent's thread " + thread.getName() + " has ended: " + thrown);
  }

  /** The agent's and its libraries'; code of the application that runs on them starts others. */
  private static boolean own(String thread) {
    return thread.startsWith("sonde") || thread.startsWith("OkHttp") || thread.startsWith("Okio");
  }
}
