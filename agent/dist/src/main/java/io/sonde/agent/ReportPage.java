package io.sonde.agent;

import io.sonde.agent.metrics.OwnThread;
import io.sonde.agent.metrics.OwnThreads;
import io.sonde.core.Delivery;
import io.sonde.profiler.Expense;
import io.sonde.profiler.Health;
import io.sonde.settings.Settings;
import io.sonde.weaver.JdkInternals;
import io.sonde.weaver.Report;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * Shows the report, the settings and the counts of spans to other processes: in the JVM's agent
 * properties, where the attach API reads it without loading anything.
 */
final class ReportPage implements Report.Reader {
  private final @Nullable Properties properties;

  /** A page for this JVM, which stays empty where the JVM has no agent properties. */
  ReportPage(JdkInternals internals) {
    properties = internals.agentProperties();
  }

  /** Says which agent this is and shows what the report holds, now and later. */
  void show(Report report, String about) {
    if (properties != null) {
      set("sonde.about", about);
      report.reader(this);
    }
  }

  /** Shows the settings that are not the defaults. */
  void show(Settings settings) {
    if (properties != null) {
      for (Map.Entry<String, String> shown : settings.shown().entrySet()) {
        set("sonde.setting." + shown.getKey(), shown.getValue());
      }
    }
  }

  /** Shows where spans go, before any went there. */
  void show(String destination) {
    set("sonde.spans.to", destination);
  }

  /** Shows what became of spans so far. */
  void show(Delivery delivery) {
    set("sonde.spans", delivery.toString());
    String failure = delivery.failure();
    if (failure != null) {
      set("sonde.spans.failure", failure);
    }
  }

  /** Shows where profiles go, before any went there. */
  void showProfiles(String destination) {
    set("sonde.profiles.to", destination);
  }

  /** Shows where profiles go by OTLP, before any went there. */
  void showProfilesByOtlp(String destination) {
    set("sonde.otlp.profiles.to", destination);
  }

  /** Shows what became of profiles that go by OTLP. */
  void showProfilesByOtlp(Delivery delivery) {
    set("sonde.otlp.profiles", delivery.toString());
    String failure = delivery.failure();
    if (failure != null) {
      set("sonde.otlp.profiles.failure", failure);
    }
  }

  /** Shows what became of profiles, and how the profiler is; not on an application's thread. */
  void show(Delivery delivery, Health profiler, List<OwnThread> threads) {
    set("sonde.profiles", delivery.toString());
    set("sonde.profiler", profiler.toString());
    set("sonde.profiler.cost", Expense.PROFILER.toString());
    String failure = delivery.failure();
    if (failure != null) {
      set("sonde.profiles.failure", failure);
    }
    try {
      set("sonde.threads", new OwnThreads(threads).toString());
    } catch (LinkageError e) {
      // without the module java.management
    }
  }

  /** Shows what the profiler is to do. */
  void profiler(String state) {
    set("sonde.profiler.state", state);
  }

  /** Shows what stood against the last command, empty for nothing. */
  void problem(String problem) {
    set("sonde.profiler.problem", problem);
  }

  /** Shows how remote sampling goes. */
  void sampling(String state) {
    set("sonde.sampling", state);
  }

  private void set(String name, String value) {
    if (properties != null) {
      properties.setProperty(name, value);
    }
  }

  @Override
  public void line(int number, String line) {
    set("sonde.report." + number, line);
  }
}
