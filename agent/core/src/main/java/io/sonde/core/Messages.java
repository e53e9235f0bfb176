package io.sonde.core;

/** Where a part of the agent says one line to the user. */
public interface Messages {
  /** Says it, unless it was said before or the user wants to hear nothing. */
  void warn(String line);

  /** The same, and says it before it returns; for the agent's own threads while the JVM ends. */
  default void lastly(String line) {
    warn(line);
  }
}
