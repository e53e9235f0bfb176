package io.sonde.agent;

import io.sonde.agent.metrics.Metrics;
import io.sonde.agent.pprof.PprofPages;
import io.sonde.agent.pprof.Profiles;
import io.sonde.core.Delivery;
import io.sonde.exporters.endpoint.Endpoint;
import io.sonde.exporters.pyroscope.PyroscopeExporter;
import io.sonde.exporters.pyroscope.Server;
import io.sonde.profiler.Health;
import io.sonde.profiler.Plan;
import io.sonde.profiler.Profiler;
import io.sonde.profiler.Pulls;
import io.sonde.profiler.Takers;
import io.sonde.profiler.pprof.Profile;
import io.sonde.profiler.pprof.Windows;
import io.sonde.settings.Option;
import io.sonde.settings.Settings;
import java.security.AccessController;
import java.security.PrivilegedAction;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Profiles for those who want them: a server, which is sent them from the start on, and whoever
 * asks at the endpoint, the first of whom starts the profiler where there is no server.
 */
final class Profiling implements PyroscopeExporter.Surroundings, Metrics.Pages, Profiles, Windows {
  private final AgentThread agent;
  private final @Nullable Server server;
  private final @Nullable Plan plan;
  private final @Nullable Pulls pulls;
  private volatile @Nullable Thread profiler;
  private volatile String said = "the profiler does not run";

  /** Reads the settings. */
  Profiling(Settings settings, AgentThread agent) {
    this.agent = agent;
    server = Server.of(settings);
    pulls = settings.isSet(Option.SONDE_HTTP_PORT) ? new Pulls() : null;
    plan = server == null && pulls == null ? null : new Plan(settings);
  }

  /** Without a server nothing is started. */
  synchronized void start() {
    if (server == null || plan == null || plan.isOff()) {
      return;
    }
    PyroscopeExporter exporter = new PyroscopeExporter(server, Delivery.PROFILES, this);
    Health.PROFILER.begin();
    agent.profilesTo(server.toString());
    agent.start("sonde-pyroscope", exporter);
    Windows takers = pulls == null ? exporter : new Takers(exporter, pulls);
    run(Profiler.thread(plan, takers, this));
  }

  @Override
  public void addTo(Endpoint endpoint) {
    if (pulls != null) {
      PprofPages.addTo(endpoint, this, pulls);
    }
  }

  @Override
  public synchronized @Nullable String ensure() {
    if (plan == null || pulls == null || plan.isOff()) {
      return "no profiles: SONDE_PROFILER_ENGINE is off";
    }
    if (profiler == null) {
      Health.PROFILER.begin();
      agent.profilesTo("whoever asks the endpoint");
      run(Profiler.threadForNow(plan, new Takers(pulls, this), this));
    }
    return obstacle();
  }

  @Override
  public @Nullable String obstacle() {
    Thread running = profiler;
    return running != null && running.isAlive() ? null : said;
  }

  /** What the thread may do must not depend on who happens to start it. */
  @SuppressWarnings("removal")
  private void run(Thread thread) {
    AccessController.doPrivileged(
        new PrivilegedAction<Void>() {
          @Override
          @SuppressWarnings("NullAway")
          public Void run() {
            agent.begin(thread);
            return null;
          }
        });
    profiler = thread;
  }

  @Override
  public Map<String, Object> resource() {
    return agent.resource();
  }

  @Override
  public String version() {
    return agent.version();
  }

  /** There is something new to be shown, also where nothing is sent. */
  @Override
  public void window(long startEpochNanos, long endEpochNanos, List<Profile> profiles) {
    agent.profiled();
  }

  @Override
  public void counted() {
    agent.profiled();
  }

  @Override
  public void warn(String line) {
    said = line;
    agent.warn(line);
  }
}
