package io.sonde.agent;

import io.sonde.agent.metrics.Metrics;
import io.sonde.agent.pprof.PprofPages;
import io.sonde.agent.pprof.Profiles;
import io.sonde.agent.pprof.Served;
import io.sonde.core.AtExit;
import io.sonde.core.Delivery;
import io.sonde.core.Messages;
import io.sonde.exporters.endpoint.Endpoint;
import io.sonde.exporters.otlp.ProfileExporter;
import io.sonde.exporters.otlp.Target;
import io.sonde.exporters.pyroscope.PyroscopeExporter;
import io.sonde.exporters.pyroscope.Server;
import io.sonde.profiler.Health;
import io.sonde.profiler.Inside;
import io.sonde.profiler.OwnWork;
import io.sonde.profiler.Plan;
import io.sonde.profiler.Profiler;
import io.sonde.profiler.Pulled;
import io.sonde.profiler.Pulls;
import io.sonde.profiler.Takers;
import io.sonde.profiler.pprof.Profile;
import io.sonde.profiler.pprof.Sender;
import io.sonde.profiler.pprof.Windows;
import io.sonde.settings.Option;
import io.sonde.settings.ProfileExporters;
import io.sonde.settings.Settings;
import io.sonde.settings.Superseded;
import io.sonde.weaver.JdkInternals;
import java.security.AccessController;
import java.security.PrivilegedAction;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Profiles for those who want them: servers, which are sent them from the start on, and whoever
 * asks at the endpoint, the first of whom starts the profiler where there is no server. Commands
 * switch it off and on, and change what it does.
 */
final class Profiling
    implements PyroscopeExporter.Surroundings,
        ProfileExporter.Surroundings,
        Metrics.Pages,
        Profiles,
        Windows,
        Settings.Source {
  private static final long END_MILLIS = 5000;

  /** How long the end of the JVM waits for the server. */
  private static final long FLUSH_MILLIS = 2000;

  /** How soon after its start one that has died is started again for who asks. */
  private static final long SHORTEST_PAUSE = 5_000_000_000L;

  /** The pauses grow until here, since what went wrong may go wrong each time. */
  private static final long LONGEST_PAUSE = 3_600_000_000_000L;

  private final Settings settings;
  private final AgentThread agent;
  private final JdkInternals internals;
  private final @Nullable Server server;
  private final @Nullable Target otlp;
  private final Served served;
  private final @Nullable Pulls pulls;
  private final Map<String, String> told = new HashMap<>(); // by the name as a system property
  private @Nullable Plan plan;
  private @Nullable Windows takers;
  private volatile boolean off;
  private boolean stopping; // told to, and busy yet
  private boolean resumes; // once it has stopped and somebody tries again
  private volatile @Nullable Thread profiler;
  private final Messages own = new Own();
  private long begun; // nanoseconds, of the profiler that ran last
  private long pause = SHORTEST_PAUSE;
  private volatile String said = "the profiler does not run";

  /** Reads the settings. */
  Profiling(Settings settings, AgentThread agent, JdkInternals internals) {
    this.settings = settings;
    this.agent = agent;
    this.internals = internals;
    ProfileExporters.check(settings);
    server = Server.of(settings);
    otlp = Target.ofProfiles(settings);
    served = Served.of(settings);
    boolean pulled = settings.isSet(Option.SONDE_HTTP_PORT) && served != Served.OFF;
    pulls = pulled ? new Pulls() : null;
    plan = isSent() || pulls != null ? plan(settings) : null;
  }

  private Plan plan(Settings of) {
    return new Plan(of, isSent(), server != null && server.takesRecordings());
  }

  private boolean isSent() {
    return server != null || otlp != null;
  }

  /** Without a server nothing is started. */
  synchronized void start() {
    if (isSent() && plan != null && !plan.isOff() && !off) {
      run(Profiler.thread(plan, takers(), own), plan);
    }
  }

  /** Which of the settings of Pyroscope's agent mean nothing here. */
  void tellSuperseded() {
    String superseded = Superseded.line(settings);
    if (superseded != null) {
      agent.warn(superseded);
    }
    if (plan == null
        && settings.isSet(Option.PYROSCOPE_APPLICATION_NAME)
        && !settings.isSet(Option.PYROSCOPE_SERVER_ADDRESS)
        && !settings.isSet(Option.SONDE_PROFILER_ENGINE)
        && settings.flag(Option.PYROSCOPE_AGENT_ENABLED)
        && ProfileExporters.PYROSCOPE.isOn(settings)) {
      agent.warn(
          "no profiles: PYROSCOPE_APPLICATION_NAME is set and PYROSCOPE_SERVER_ADDRESS is not,"
              + " which has no default here; Pyroscope's agent takes http://localhost:4040");
    }
  }

  /**
   * Pyroscope's own agent is here too, and all profiles would be there twice. Whoever loads its
   * class waits for this.
   */
  void giveWay() {
    if (server == null || plan == null || plan.isOff()) {
      return;
    }
    off = true;
    said =
        "Pyroscope's agent is in this JVM too: Sonde's profiler stays off, so that no profile is"
            + " there twice; remove one of the two";
    agent.warn(said);
    agent.profiler("off: " + said);
    Thread running = profiler;
    if (running != null) {
      running.interrupt();
    }
  }

  @Override
  public void addTo(Endpoint endpoint) {
    if (pulls != null) {
      new PprofPages(endpoint, served).add(this, pulls);
    }
  }

  @Override
  public synchronized @Nullable String ensure(Pulled what) {
    Plan how = plan;
    if (how == null || how.isOff()) {
      return "no profiles: SONDE_PROFILER_ENGINE is off";
    }
    String missing = missing(how, what);
    if (missing != null) {
      return missing;
    }
    if (!off && mayStart()) {
      run(Profiler.threadForNow(how, takers(), own), how);
    }
    return obstacle();
  }

  /** Where none runs: at once, and where one has died after a pause. */
  private boolean mayStart() {
    Thread last = profiler;
    long age = System.nanoTime() - begun;
    if (last == null) {
      return true;
    }
    if (last.isAlive() || age < pause) {
      return false;
    }
    pause = age < LONGEST_PAUSE ? Math.min(2 * pause, LONGEST_PAUSE) : SHORTEST_PAUSE;
    return true;
  }

  /** What the settings or commands leave out; what an engine cannot do is empty, and said once. */
  private static @Nullable String missing(Plan plan, Pulled what) {
    if (what == Pulled.PROFILE && !plan.cpu) {
      return "CPU time is not sampled: PYROSCOPE_PROFILER_EVENT leaves it out";
    }
    if (what == Pulled.ALLOCS && !plan.allocations) {
      return "allocations are not sampled: PYROSCOPE_PROFILER_ALLOC is off";
    }
    if ((what == Pulled.MUTEX || what == Pulled.BLOCK) && plan.lockNanos == 0) {
      return "locks are not sampled: PYROSCOPE_PROFILER_LOCK is off";
    }
    if (what == Pulled.EXCEPTIONS && !plan.exceptions) {
      return "exceptions are not recorded: SONDE_PROFILER_EXCEPTIONS=true";
    }
    return what == Pulled.WALL && !plan.wall
        ? "wall clock is not sampled: PYROSCOPE_PROFILER_EVENT=cpu,wall"
        : null;
  }

  @Override
  public @Nullable String obstacle() {
    Thread running = profiler;
    boolean there = running != null && running.isAlive() && !Health.PROFILER.isDown();
    return there ? null : said;
  }

  /** Does what the arguments say, and shows what stands against it. */
  void tell(String arguments) {
    String problem;
    try {
      ProfilerCommand command = ProfilerCommand.ofArguments(arguments);
      if (command == null) {
        return;
      }
      problem = tell(command);
    } catch (IllegalArgumentException e) {
      problem = String.valueOf(e.getMessage());
    }
    agent.problem(problem == null ? "" : problem);
  }

  private synchronized @Nullable String tell(ProfilerCommand command) {
    if (plan == null) {
      return "nobody would take profiles: it needs PYROSCOPE_SERVER_ADDRESS,"
          + " OTEL_EXPORTER_OTLP_PROFILES_ENDPOINT or SONDE_HTTP_PORT";
    }
    boolean runs = stopping ? resumes : obstacle() == null;
    if (command.option != null) {
      Settings now = new Settings(this, settings.environment());
      told.put(
          command.option.property(),
          command.after(now.text(command.option), settings.text(command.option)));
    } else {
      off = command.value.equals("off");
      if (!stopping && (off ? !runs : runs)) {
        return null;
      }
      if (!off && plan.isOff()) {
        told.put(Option.SONDE_PROFILER_ENGINE.property(), "auto");
      }
      runs = !off;
    }
    pause = SHORTEST_PAUSE;
    Plan next = plan(new Settings(this, settings.environment()));
    plan = next;
    stopping = !hasStopped();
    resumes = stopping && runs;
    if (stopping) {
      return "it is busy and has not stopped yet, try again";
    }
    if (runs) {
      run(Profiler.threadForNow(next, takers(), own), next);
    }
    if (!runs) {
      agent.profiler((off ? "off; when on: " : "not started; then: ") + described(next));
    }
    return null;
  }

  private boolean hasStopped() {
    Thread running = profiler;
    if (running == null) {
      return true;
    }
    said = "the profiler was switched off";
    running.interrupt();
    try {
      running.join(END_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return !running.isAlive();
  }

  /** The settings as system properties, what was told before what was set. */
  @Override
  public @Nullable String get(String name) {
    String value = told.get(name);
    return value == null ? settings.properties().get(name) : value;
  }

  private Windows takers() {
    Windows known = takers;
    if (known != null) {
      return known;
    }
    Health.PROFILER.begin();
    Inside.openedBy(
        new Runnable() {
          @Override
          public void run() {
            internals.openFlightRecorder();
          }
        });
    List<Windows> all = new ArrayList<>();
    if (server != null) {
      PyroscopeExporter exporter = new PyroscopeExporter(server, Delivery.PROFILES, this);
      agent.profilesTo(server.toString());
      agent.start("sonde-pyroscope", OwnWork.PROFILER.of(new Sending(exporter, Delivery.PROFILES)));
      all.add(exporter);
    }
    if (otlp != null) {
      ProfileExporter exporter = new ProfileExporter(otlp, Delivery.OTLP_PROFILES, this);
      agent.profilesByOtlpTo(otlp.toString());
      agent.start(
          "sonde-otlp-profiles",
          OwnWork.PROFILER.of(new Sending(exporter, Delivery.OTLP_PROFILES)));
      all.add(exporter);
    }
    if (pulls != null) {
      all.add(pulls);
    }
    if (!isSent()) {
      agent.profilesTo("whoever asks the endpoint");
      all.add(this);
    }
    known = all.size() == 1 ? all.get(0) : new Takers(all.toArray(new Windows[0]));
    takers = known;
    return known;
  }

  /** What the thread may do must not depend on who happens to start it. */
  @SuppressWarnings("removal")
  private void run(Thread thread, Plan how) {
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
    if (off) { // it has given way meanwhile
      thread.interrupt();
    }
    stopping = false;
    begun = System.nanoTime();
    agent.profiler("on: " + described(how));
  }

  private static String described(Plan plan) {
    return "cpu "
        + (plan.cpuEvent != null
            ? plan.cpuPeriodNanos / 1000 + "us" + reason(plan)
            : plan.cpu ? "where there is no wall clock" : "off")
        + ", alloc "
        + (plan.allocations ? "on" : "off")
        + ", lock "
        + (plan.lockNanos > 0 ? plan.lockNanos / 1_000_000 + "ms" : "off")
        + (plan.wall ? ", wall on" : "")
        + (plan.exceptions ? ", exceptions on" : "")
        + ", window "
        + plan.windowNanos / 1_000_000_000
        + "s";
  }

  private static String reason(Plan plan) {
    return plan.cpuPeriodWhy == null ? "" : " (" + plan.cpuPeriodWhy + ")";
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
    agent.warn(line);
  }

  @Override
  public void lastly(String line) {
    agent.lastly(line);
  }

  /** Sends until the JVM ends, which first waits for the last window and then for the server. */
  private final class Sending implements Runnable {
    private final Sender sender;
    private final Delivery delivery;

    Sending(Sender sender, Delivery delivery) {
      this.sender = sender;
      this.delivery = delivery;
    }

    @Override
    public void run() {
      AtExit.run(
          "sonde-flush-profiles",
          new Runnable() {
            @Override
            public void run() {
              end();
            }
          });
      sender.run();
    }

    private void end() {
      Thread running = profiler;
      try {
        if (running != null) {
          running.join(Profiler.END_MILLIS);
          if (running.isAlive()) {
            delivery.add(Delivery.Outcome.FAILED, 1);
            agent.lastly("the last profiles were not ready when the JVM ended");
          }
        }
        sender.flush(FLUSH_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** What the profiler itself says, the last line of which tells why it ended. */
  private final class Own implements Messages {
    @Override
    public void warn(String line) {
      said = line;
      agent.warn(line);
    }
  }
}
