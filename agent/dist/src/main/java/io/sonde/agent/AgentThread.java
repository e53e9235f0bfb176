package io.sonde.agent;

import io.sonde.core.SpanQueue;
import io.sonde.settings.Settings;
import io.sonde.weaver.Report;
import java.io.File;
import org.jspecify.annotations.Nullable;

/** The agent's own thread: makes the exporters once the application is under way. */
final class AgentThread {
  private AgentThread() {}

  static void start(
      Settings settings, Log log, Report report, @Nullable SpanQueue queue, File jar) {
    if (queue == null) {
      return;
    }
  }
}
