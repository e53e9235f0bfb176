package io.sonde.agent;

import io.sonde.core.Delivery;
import io.sonde.exporters.pyroscope.PyroscopeExporter;
import io.sonde.exporters.pyroscope.Server;
import io.sonde.profiler.Health;
import io.sonde.profiler.Plan;
import io.sonde.profiler.Profiler;
import io.sonde.settings.Settings;
import java.security.AccessController;
import java.security.PrivilegedAction;
import java.util.Map;

/** Profiles where they have a destination: one thread makes them, another brings them there. */
final class Profiling implements PyroscopeExporter.Surroundings {
  private final AgentThread agent;

  private Profiling(AgentThread agent) {
    this.agent = agent;
  }

  /** Without a server, or where no engine can run, nothing is started. */
  static void start(Settings settings, AgentThread agent) {
    Server server = Server.of(settings);
    if (server == null) {
      return;
    }
    Plan plan = new Plan(settings);
    String obstacle = Profiler.obstacle();
    if (!plan.isOff() && obstacle != null) {
      agent.warn(obstacle);
    } else if (!plan.isOff()) {
      start(plan, server, new Profiling(agent));
    }
  }

  /** What the threads may do must not depend on who happens to start them. */
  @SuppressWarnings("removal")
  private static void start(Plan plan, Server server, Profiling profiling) {
    AccessController.doPrivileged(
        new PrivilegedAction<Void>() {
          @Override
          @SuppressWarnings("NullAway")
          public Void run() {
            PyroscopeExporter exporter =
                new PyroscopeExporter(server, Delivery.PROFILES, profiling);
            Thread thread = new Thread(null, exporter, "sonde-pyroscope", 0);
            thread.setDaemon(true);
            thread.setContextClassLoader(null);
            Health.PROFILER.begin();
            profiling.agent.profilesTo(server.toString());
            profiling.agent.begin(thread);
            profiling.agent.begin(Profiler.thread(plan, exporter, profiling));
            return null;
          }
        });
  }

  @Override
  public Map<String, Object> resource() {
    return agent.resource();
  }

  @Override
  public String version() {
    return agent.version();
  }

  @Override
  public void counted() {
    agent.profiled();
  }

  @Override
  public void warn(String line) {
    agent.warn(line);
  }
}
