package io.sonde.profiler;

import io.sonde.core.Messages;
import java.util.HashSet;
import java.util.Set;

/** Says each line once, whatever numbers are in it: what fails again and again is counted. */
final class SaidOnce implements Messages {
  private static final int MOST = 64;

  private final Messages messages;
  private final Set<String> said = new HashSet<>();

  SaidOnce(Messages messages) {
    this.messages = messages;
  }

  @Override
  public synchronized void warn(String line) {
    if (said.size() < MOST && said.add(line.replaceAll("\\d+", "#"))) {
      messages.warn(line);
    }
  }
}
