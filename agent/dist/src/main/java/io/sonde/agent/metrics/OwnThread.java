package io.sonde.agent.metrics;

/** A thread of the agent's, by the name that it was given: OkHttp renames it while it sends. */
public final class OwnThread {
  /** The thread, which may have ended. */
  public final Thread thread;

  final String name;

  /** Of that name for good. */
  public OwnThread(Thread thread) {
    this.thread = thread;
    name = thread.getName();
  }
}
