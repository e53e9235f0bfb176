package io.sonde.agent;

import io.sonde.agent.metrics.Metrics;
import io.sonde.agent.metrics.OwnThread;
import io.sonde.agent.resource.Resource;
import io.sonde.core.Delivery;
import io.sonde.core.SpanQueue;
import io.sonde.exporters.otlp.RemoteSampling;
import io.sonde.exporters.otlp.SpanExporter;
import io.sonde.exporters.otlp.Target;
import io.sonde.profiler.Health;
import io.sonde.settings.Option;
import io.sonde.settings.Settings;
import io.sonde.weaver.Weaver;
import java.security.AccessController;
import java.security.PrivilegedAction;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** The agent's own threads, and what runs on them may ask. */
final class AgentThread
    implements SpanExporter.Surroundings, RemoteSampling.Surroundings, Metrics.Surroundings {
  private final Settings settings;
  private final Log log;
  private final String version;
  private final ReportPage page;
  private final ThreadGroup group;
  private final List<OwnThread> threads = new CopyOnWriteArrayList<>();
  private @Nullable Map<String, Object> resource;
  private volatile boolean profilesByOtlp;

  AgentThread(Settings settings, Log log, String version, ReportPage page) {
    this.settings = settings;
    this.log = log;
    this.version = version;
    this.page = page;
    group = group(log);
  }

  @SuppressWarnings("removal")
  private static ThreadGroup group(Log log) {
    return AccessController.doPrivileged(
        new PrivilegedAction<ThreadGroup>() {
          @Override
          public ThreadGroup run() {
            return new OwnGroup(log);
          }
        });
  }

  /** Exports spans once the application makes some. */
  void export(Target target, SpanQueue queue) {
    SpanExporter.Timing timing =
        new SpanExporter.Timing(
            settings.count(Option.OTEL_BSP_MAX_EXPORT_BATCH_SIZE, 1, 512),
            settings.millis(Option.OTEL_BSP_SCHEDULE_DELAY, 5000),
            settings.millis(Option.OTEL_BSP_EXPORT_TIMEOUT, 30_000));
    start("sonde-export", new SpanExporter(target, queue, timing, Delivery.SPANS, this));
  }

  /** Asks how to sample. */
  void sample(RemoteSampling sampling) {
    start("sonde-sampling", sampling.in(this));
  }

  @Override
  public void start(String name, Runnable work) {
    start(name, work, true);
  }

  @Override
  public void startBriefly(String name, Runnable work) {
    start(name, work, false);
  }

  /** What the thread may do must not depend on who happens to start it. */
  @SuppressWarnings("removal")
  private void start(String name, Runnable work, boolean stays) {
    AccessController.doPrivileged(
        new PrivilegedAction<Void>() {
          @Override
          @SuppressWarnings("NullAway")
          public Void run() {
            Thread thread = new Thread(group, work, name, 0);
            thread.setDaemon(true);
            thread.setContextClassLoader(null);
            if (stays) {
              begin(thread);
            } else {
              thread.start();
            }
            return null;
          }
        });
  }

  /** Starts a thread of the agent that stays. */
  void begin(Thread thread) {
    List<OwnThread> ended = new ArrayList<>();
    for (OwnThread before : threads) {
      if (before.thread.getState() == Thread.State.TERMINATED) {
        ended.add(before);
      }
    }
    threads.removeAll(ended);
    threads.add(new OwnThread(thread));
    thread.start();
  }

  @Override
  public List<OwnThread> threads() {
    return threads;
  }

  @Override
  public synchronized Map<String, Object> resource() {
    Map<String, Object> known = resource;
    return known != null ? known : (resource = Resource.detect(settings, version));
  }

  @Override
  public String service() {
    return String.valueOf(resource().get("service.name"));
  }

  @Override
  public void sampling(String state) {
    page.sampling(state);
  }

  @Override
  public String version() {
    return version;
  }

  @Override
  public long loadedClasses() {
    return Weaver.loadedClasses();
  }

  @Override
  public void counted() {
    page.show(Delivery.SPANS);
  }

  /** What the profiler is to do now. */
  void profiler(String state) {
    page.profiler(state);
  }

  /** What stood against the last command; empty for nothing. */
  void problem(String problem) {
    page.problem(problem);
  }

  /** Where profiles go. */
  void profilesTo(String destination) {
    page.showProfiles(destination);
  }

  /** Where profiles go by OTLP. */
  void profilesByOtlpTo(String destination) {
    profilesByOtlp = true;
    page.showProfilesByOtlp(destination);
  }

  /** What became of profiles has changed. */
  void profiled() {
    page.show(Delivery.PROFILES, Health.PROFILER, threads);
    if (profilesByOtlp) {
      page.showProfilesByOtlp(Delivery.OTLP_PROFILES);
    }
  }

  @Override
  public void warn(String line) {
    log.warn(line);
  }

  @Override
  public void lastly(String line) {
    log.lastly(line);
  }
}
