package io.sonde.core;

/** Where a part of the agent says one line to the user. */
public interface Messages {
  /** Says it, unless it was said before or the user wants to hear nothing. */
  void warn(String line);
}
