package io.sonde.agent.metrics;

import io.sonde.core.Delivery;
import io.sonde.core.Keeping;
import io.sonde.core.Red;
import io.sonde.core.metrics.Labels;
import io.sonde.core.metrics.MetricSource;
import io.sonde.exporters.endpoint.Endpoint;
import io.sonde.exporters.endpoint.Listen;
import io.sonde.exporters.endpoint.Page;
import io.sonde.exporters.endpoint.Request;
import io.sonde.exporters.endpoint.Response;
import io.sonde.exporters.otlp.MetricExporter;
import io.sonde.exporters.otlp.SpanExporter;
import io.sonde.exporters.otlp.Target;
import io.sonde.exporters.otlp.Temporality;
import io.sonde.exporters.prometheus.Created;
import io.sonde.exporters.prometheus.Exposition;
import io.sonde.exporters.prometheus.Histograms;
import io.sonde.exporters.prometheus.write.Receiver;
import io.sonde.exporters.prometheus.write.RemoteWriter;
import io.sonde.settings.Option;
import io.sonde.settings.Settings;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Who reads the agent's metrics, as OTEL_METRICS_EXPORTER says, and its HTTP endpoint. */
public final class Metrics implements Runnable, Supplier<String> {
  private final Surroundings agent;
  private final boolean scraped;
  private final @Nullable Target target;
  private final Histograms histograms;
  private final List<Receiver> receivers;
  private final long interval;
  private final Temporality temporality;
  private final boolean exponential;
  private final boolean exemplars;
  private final boolean keeping;
  private final Created created;
  private final int limit;
  private final Namings names;
  private final @Nullable String beans;
  private final @Nullable Listen listen;
  private final Pages others;
  private volatile @Nullable MetricSource metrics;

  /** What is needed of the agent. */
  public interface Surroundings extends SpanExporter.Surroundings, RemoteWriter.Surroundings {
    @Override
    Map<String, Object> resource();

    @Override
    String version();

    /** Runs {@code work} on a new daemon thread of that name. */
    void start(String name, Runnable work);

    /** The same for a thread that ends soon, which is not one of those that stay. */
    void startBriefly(String name, Runnable work);

    /** The agent's threads that stay, also those that are still to come. */
    List<OwnThread> threads();
  }

  /** Who else answers at the endpoint. */
  public interface Pages {
    /** Adds what is answered; called on the endpoint's thread, before it listens. */
    void addTo(Endpoint endpoint);
  }

  /** Reads the settings. */
  public Metrics(Settings settings, Surroundings agent, Pages others) {
    this.agent = agent;
    this.others = others;
    boolean prometheus = false;
    boolean none = false;
    Target otlp = null;
    for (String exporter : settings.list(Option.OTEL_METRICS_EXPORTER)) {
      if (exporter.equals("prometheus")) {
        prometheus = true;
      } else if (exporter.equals("otlp")) {
        otlp = Target.ofMetrics(settings);
      } else if (exporter.equals("remote_write")) {
        if (!settings.isSet(Option.SONDE_REMOTE_WRITE_URL)) {
          settings.problem(
              Option.OTEL_METRICS_EXPORTER.name(), exporter, "SONDE_REMOTE_WRITE_URL with it");
        }
      } else if (exporter.equals("none")) {
        none = true;
      } else {
        settings.problem(
            Option.OTEL_METRICS_EXPORTER.name(),
            exporter,
            "otlp, prometheus, remote_write or none");
      }
    }
    histograms = Histograms.of(settings);
    receivers = none ? Collections.emptyList() : Receiver.all(settings);
    scraped = prometheus;
    target = otlp;
    interval = settings.millis(Option.OTEL_METRIC_EXPORT_INTERVAL, 60_000);
    temporality = temporality(settings);
    exponential = exponential(settings);
    exemplars = exemplars(settings);
    keeping = exemplars && settings.flag(Option.SONDE_EXEMPLARS_KEEP);
    created = new Created(System.currentTimeMillis(), settings.flag(Option.SONDE_METRICS_CREATED));
    listen = Listen.of(settings, scraped);
    limit = settings.count(Option.OTEL_JAVA_METRICS_CARDINALITY_LIMIT, 1, 2000);
    names = new Namings(settings);
    beans = settings.text(Option.SONDE_JMX_CONFIG);
  }

  private static boolean exponential(Settings settings) {
    Option option = Option.OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION;
    String name = String.valueOf(settings.text(option)).toLowerCase(Locale.ROOT);
    boolean exponential = name.equals("base2_exponential_bucket_histogram");
    if (!exponential && !name.equals("explicit_bucket_histogram")) {
      settings.problem(
          option.name(), name, "explicit_bucket_histogram or base2_exponential_bucket_histogram");
    }
    return exponential;
  }

  private static boolean exemplars(Settings settings) {
    Option option = Option.OTEL_METRICS_EXEMPLAR_FILTER;
    String name = String.valueOf(settings.text(option)).toLowerCase(Locale.ROOT);
    if (!Arrays.asList("trace_based", "always_on", "always_off").contains(name)) {
      settings.problem(option.name(), name, "trace_based, always_on or always_off");
    }
    return !name.equals("always_off");
  }

  private static Temporality temporality(Settings settings) {
    Option option = Option.OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE;
    String name = String.valueOf(settings.text(option));
    Temporality wanted = Temporality.of(name);
    if (wanted == null) {
      settings.problem(option.name(), name, "cumulative, delta or lowmemory");
      return Temporality.CUMULATIVE;
    }
    return wanted;
  }

  /** Starts to record what somebody reads, to send it, and to answer those who ask. */
  public void start() {
    Target to = target;
    if (scraped || to != null || !receivers.isEmpty()) {
      boolean prometheus = scraped || !receivers.isEmpty();
      Red.exponential(prometheus && histograms.exponential || to != null && exponential);
      Red.exemplars(exemplars);
      Red recorded = Red.start(limit, names.exceptions(), names.roots());
      if (keeping) {
        Keeping.start();
      }
      MetricSource calls = names.of(recorded, this);
      List<Delivery> samples = new ArrayList<>();
      for (int i = 0; i < receivers.size(); i++) {
        samples.add(new Delivery());
      }
      Delivery points = to == null ? null : new Delivery();
      AgentMetrics own = new AgentMetrics(Delivery.SPANS, points, samples, recorded);
      AllMetrics all = new AllMetrics(calls, own, beans, agent);
      if (scraped) {
        metrics = all;
      }
      if (to != null && points != null) {
        agent.start(
            "sonde-metrics",
            new MetricExporter(
                to, recorded, all, interval, temporality, exponential, points, agent));
      }
      for (int i = 0; i < receivers.size(); i++) {
        Receiver receiver = receivers.get(i);
        agent.start(
            i == 0 ? "sonde-write" : "sonde-write-" + (i + 1),
            new RemoteWriter(receiver, recorded, all, interval, samples.get(i), agent));
      }
    }
    if (listen != null) {
      agent.start("sonde-http", this);
    }
  }

  /** The service's name, for who reads. */
  @Override
  public String get() {
    return String.valueOf(agent.resource().get("service.name"));
  }

  /** The endpoint's thread. */
  @Override
  public void run() {
    Listen at = listen;
    if (at == null) {
      return;
    }
    Endpoint endpoint =
        new Endpoint(at, agent).page("/healthz", new Up()).page("/readyz", new Up());
    MetricSource scrapedFrom = metrics;
    if (scrapedFrom != null) {
      endpoint.page("/metrics", new Scrape(scrapedFrom));
    }
    others.addTo(endpoint);
    endpoint.run();
  }

  /** Whoever can be told this is up: weaving was complete before the endpoint's thread began. */
  private static final class Up implements Page {
    @Override
    public void answer(Request request, Response response) throws IOException {
      response.text(200, "ok");
    }
  }

  /** The page that is scraped. */
  private final class Scrape implements Page {
    private final MetricSource all;
    private @Nullable Exposition exposition;

    Scrape(MetricSource all) {
      this.all = all;
    }

    @Override
    public void answer(Request request, Response response) throws IOException {
      Exposition.Format format = Exposition.Format.of(request.header("accept"));
      exposition().write(format, response.begin(format.contentType));
    }

    private synchronized Exposition exposition() {
      Exposition made = exposition;
      if (made == null) {
        exposition =
            made =
                new Exposition(all, labels(agent.resource()), agent.version(), histograms, created);
      }
      return made;
    }
  }

  private static Labels labels(Map<String, Object> resource) {
    List<Object> pairs = new ArrayList<>();
    resource.forEach(
        (key, value) -> {
          pairs.add(key);
          pairs.add(value instanceof String[] ? String.join(",", (String[]) value) : value);
        });
    return Labels.of(pairs.toArray());
  }
}
