package io.sonde.agent;

import io.sonde.agent.metrics.Metrics;
import io.sonde.core.HttpMethod;
import io.sonde.core.Limits;
import io.sonde.core.LogIds;
import io.sonde.core.Propagation;
import io.sonde.core.SpanQueue;
import io.sonde.core.Tracing;
import io.sonde.core.database.Queries;
import io.sonde.exporters.otlp.Rehearsal;
import io.sonde.exporters.otlp.Target;
import io.sonde.settings.Option;
import io.sonde.settings.PyroscopeFile;
import io.sonde.settings.Settings;
import io.sonde.weaver.AgentJar;
import io.sonde.weaver.JdkInternals;
import io.sonde.weaver.Report;
import io.sonde.weaver.Weaver;
import java.io.File;
import java.lang.instrument.Instrumentation;
import java.security.AccessController;
import java.security.PrivilegedExceptionAction;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.jar.JarFile;
import org.jspecify.annotations.Nullable;

/**
 * Starts everything, in the order that costs the application least: weaving now, exporters on their
 * own thread.
 */
public final class Start {
  private static final AtomicBoolean STARTED = new AtomicBoolean();

  private static volatile @Nullable Profiling profiling;

  private static volatile boolean besidePyroscope;

  private Start() {}

  /** Called by {@link Premain}. */
  public static void start(
      @Nullable String arguments, Instrumentation instrumentation, File jar, boolean attached)
      throws Exception {
    boolean first = STARTED.compareAndSet(false, true);
    if (!first && (!attached || profiling == null)) {
      return;
    }
    // Below frames of the system loader a security manager would hold us to the application's
    // permissions.
    AccessController.doPrivileged(
        new PrivilegedExceptionAction<Void>() {
          @Override
          public @Nullable Void run() throws Exception {
            if (first) {
              start(instrumentation, jar, attached);
            } else {
              Start.tell(arguments);
            }
            return null;
          }
        });
  }

  /** Pyroscope's agent has come after us. */
  static void besidePyroscope() {
    besidePyroscope = true;
    Profiling told = profiling;
    if (told != null) {
      told.giveWay();
    }
  }

  /** The agent is loaded once more for the sake of its arguments, by {@code profiler PID}. */
  private static void tell(@Nullable String arguments) {
    Profiling told = profiling;
    if (told != null && arguments != null) {
      told.tell(arguments);
    }
  }

  private static void start(Instrumentation instrumentation, File jar, boolean attached)
      throws Exception {
    Settings.Source properties = new Properties();
    PyroscopeFile environment = new PyroscopeFile(properties, new Environment());
    Settings settings = new Settings(properties, environment);
    environment.check(settings);
    Log log = new Log(String.valueOf(settings.text(Option.SONDE_LOG)));
    if (!settings.flag(Option.SONDE_ENABLED)
        || !settings.flag(Option.OTEL_JAVAAGENT_ENABLED)
        || settings.flag(Option.OTEL_SDK_DISABLED)) {
      return;
    }
    String other = OtherAgents.present(instrumentation);
    if (OtherAgents.PYROSCOPE.equals(other)) {
      besidePyroscope = true;
    } else if (other != null) {
      log.warn(OtherAgents.advice(other, "all of Sonde, profiles and metrics too,"));
      return;
    }
    Target target = target(settings);
    SpanQueue queue = target == null ? null : queue(settings);
    Sampling sampling = new Sampling(settings);
    configure(settings, sampling, queue);
    AgentJar agent = new AgentJar(new JarFile(jar, false));
    String version = agent.version();
    JdkInternals internals = new JdkInternals(instrumentation);
    Report report =
        Weaver.start(
            instrumentation,
            internals,
            agent,
            new Instrumented(settings),
            new OtherAgents(log),
            log);
    ReportPage page = new ReportPage(internals);
    page.show(report, "Sonde " + version + (attached ? ", attached" : ""));
    page.show(settings);
    page.show(target == null ? "nowhere: no endpoint is set" : target.toString());
    AgentThread threads = new AgentThread(settings, log, version, page);
    if (target != null && queue != null) {
      threads.export(target, queue);
    }
    if (internals.makesAotCache()) {
      threads.start("sonde-rehearsal", new Rehearsal(target, threads));
    }
    if (sampling.remote != null) {
      threads.sample(sampling.remote);
    }
    Profiling profiles = new Profiling(settings, threads, internals);
    new Metrics(settings, threads, profiles).start();
    profiling = profiles;
    if (besidePyroscope) {
      profiles.giveWay();
    } else {
      profiles.tellSuperseded();
    }
    profiles.start();
    List<String> problems = settings.problems();
    if (!problems.isEmpty()) {
      log.warn(
          (problems.size() == 1 ? "a setting is" : problems.size() + " settings are")
              + " not usable and left at the default: "
              + join(problems));
    }
    log.started();
  }

  private static String join(List<String> parts) {
    StringBuilder text = new StringBuilder();
    for (String part : parts) {
      text.append(text.length() == 0 ? "" : "; ").append(part);
    }
    return text.toString();
  }

  private static @Nullable Target target(Settings settings) {
    String exporter = String.valueOf(settings.word(Option.OTEL_TRACES_EXPORTER));
    if (exporter.equals("none")) {
      return null;
    }
    if (!exporter.equals("otlp")) {
      settings.problem(Option.OTEL_TRACES_EXPORTER.name(), exporter, "otlp or none");
    }
    return Target.of(settings);
  }

  private static SpanQueue queue(Settings settings) {
    return new SpanQueue(
        settings.count(Option.OTEL_BSP_MAX_QUEUE_SIZE, 1, 8192),
        settings.count(Option.OTEL_BSP_MAX_EXPORT_BATCH_SIZE, 1, 512));
  }

  private static void configure(Settings settings, Sampling sampling, @Nullable SpanQueue queue) {
    int attributes = settings.count(Option.OTEL_ATTRIBUTE_COUNT_LIMIT, 0, 128);
    int length = settings.count(Option.OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT, 0, Integer.MAX_VALUE);
    Limits.set(
        settings.count(Option.OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT, 0, attributes),
        settings.count(Option.OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT, 0, length),
        settings.count(Option.OTEL_SPAN_LINK_COUNT_LIMIT, 0, 128));
    Limits.events(
        settings.count(Option.OTEL_SPAN_EVENT_COUNT_LIMIT, 0, 128),
        settings.count(Option.OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT, 0, attributes));
    if (!settings.flag(Option.OTEL_INSTRUMENTATION_COMMON_DB_STATEMENT_SANITIZER_ENABLED)) {
      Queries.sanitized(false);
    }
    HttpMethod.setKnown(
        String.valueOf(settings.text(Option.OTEL_INSTRUMENTATION_HTTP_KNOWN_METHODS)));
    LogIds.keys(
        String.valueOf(settings.text(Option.OTEL_INSTRUMENTATION_COMMON_LOGGING_TRACE_ID)),
        String.valueOf(settings.text(Option.OTEL_INSTRUMENTATION_COMMON_LOGGING_SPAN_ID)),
        String.valueOf(settings.text(Option.OTEL_INSTRUMENTATION_COMMON_LOGGING_TRACE_FLAGS)));
    Tracing.serverTiming(settings.flag(Option.SONDE_SERVER_TIMING));
    Tracing.receiveSpans(
        settings.flag(
            Option.OTEL_INSTRUMENTATION_MESSAGING_EXPERIMENTAL_RECEIVE_TELEMETRY_ENABLED));
    Tracing.start(sampling.sampler, propagation(settings), queue);
  }

  private static Propagation propagation(Settings settings) {
    List<String> known = new ArrayList<>();
    for (String name : settings.list(Option.OTEL_PROPAGATORS)) {
      String word = name.toLowerCase(Locale.ROOT);
      if (Propagation.isKnown(word)) {
        known.add(word);
      } else {
        settings.problem(
            Option.OTEL_PROPAGATORS.name(),
            name,
            "tracecontext, baggage, b3, b3multi, jaeger, ottrace, xray or none");
      }
    }
    return known.isEmpty()
        ? Propagation.of("tracecontext", "baggage")
        : Propagation.of(known.toArray(new String[0]));
  }

  /** System properties, absent where a security manager keeps them. */
  private static final class Properties implements Settings.Source {
    @Override
    public @Nullable String get(String name) {
      try {
        return System.getProperty(name);
      } catch (SecurityException e) {
        return null;
      }
    }
  }

  /** Environment variables, absent where a security manager keeps them. */
  private static final class Environment implements Settings.Source {
    @Override
    public @Nullable String get(String name) {
      try {
        return System.getenv(name);
      } catch (SecurityException e) {
        return null;
      }
    }
  }
}
