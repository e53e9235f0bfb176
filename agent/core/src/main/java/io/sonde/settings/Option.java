package io.sonde.settings;

import org.jspecify.annotations.Nullable;

/**
 * Every setting there is, with its kind, its default and what it does; the source of {@code --help}
 * and docs/settings.md.
 *
 * <p>The name is the environment variable; the system property is the same in lower case with dots,
 * and a dash inside the few words that OpenTelemetry writes so.
 */
public enum Option {
  SONDE_ENABLED(Kind.FLAG, "true", "Switches the whole agent on or off."),
  OTEL_JAVAAGENT_ENABLED(Kind.FLAG, "true", "The same, by the OpenTelemetry agent's name."),
  OTEL_SDK_DISABLED(
      Kind.FLAG, "false", "Switches the whole agent off, by the OpenTelemetry SDK's name."),
  OTEL_SERVICE_NAME(
      Kind.TEXT,
      null,
      "The service's name; else service.name of OTEL_RESOURCE_ATTRIBUTES, spring.application.name, the jar's name, the main class."),
  OTEL_RESOURCE_ATTRIBUTES(Kind.PAIRS, null, "Attributes of the resource, key=value with commas."),
  OTEL_RESOURCE_DISABLED_KEYS(
      Kind.LIST,
      null,
      "Attributes of the resource that are not to be found out, such as host.name."),
  OTEL_PROPAGATORS(
      Kind.LIST,
      "tracecontext,baggage",
      "Formats of trace headers: tracecontext, baggage, b3, b3multi, jaeger, ottrace, xray, none."),
  OTEL_TRACES_SAMPLER(
      Kind.TEXT,
      "parentbased_always_on",
      "always_on, always_off, traceidratio, parentbased_always_on, parentbased_always_off, parentbased_traceidratio, jaeger_remote, parentbased_jaeger_remote."),
  OTEL_TRACES_SAMPLER_ARG(
      Kind.TEXT,
      null,
      "The ratio of a traceidratio sampler, 0 to 1; of jaeger_remote endpoint=…,pollingIntervalMs=…,initialSamplingRate=…."),
  OTEL_TRACES_EXPORTER(Kind.TEXT, "otlp", "otlp or none."),
  OTEL_EXPORTER_OTLP_ENDPOINT(
      Kind.TEXT,
      null,
      "Where OTLP goes. Unset: spans are made for logs and headers and go nowhere."),
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT(Kind.TEXT, null, "The same for traces alone; used as it is."),
  OTEL_EXPORTER_OTLP_INSECURE(
      Kind.FLAG,
      "false",
      "What an endpoint for gRPC without http:// or https:// means: http:// where this is true."),
  OTEL_EXPORTER_OTLP_TRACES_INSECURE(Kind.FLAG, null, "The same for traces alone."),
  OTEL_EXPORTER_OTLP_PROTOCOL(Kind.TEXT, "http/protobuf", "http/protobuf or grpc."),
  OTEL_EXPORTER_OTLP_TRACES_PROTOCOL(Kind.TEXT, null, "The same for traces alone."),
  OTEL_EXPORTER_OTLP_HEADERS(
      Kind.PAIRS, null, "Headers of each export, key=value with commas, URL-encoded."),
  OTEL_EXPORTER_OTLP_TRACES_HEADERS(Kind.PAIRS, null, "The same for traces alone."),
  OTEL_EXPORTER_OTLP_COMPRESSION(Kind.TEXT, "none", "gzip or none."),
  OTEL_EXPORTER_OTLP_TRACES_COMPRESSION(Kind.TEXT, null, "The same for traces alone."),
  OTEL_EXPORTER_OTLP_TIMEOUT(
      Kind.MILLIS, "10000", "The longest time of one export, its retries included; 0 is no limit."),
  OTEL_EXPORTER_OTLP_TRACES_TIMEOUT(Kind.MILLIS, null, "The same for traces alone."),
  OTEL_EXPORTER_OTLP_CERTIFICATE(
      Kind.TEXT,
      null,
      "PEM file with the authorities that the server's certificate is checked by."),
  OTEL_EXPORTER_OTLP_TRACES_CERTIFICATE(Kind.TEXT, null, "The same for traces alone."),
  OTEL_EXPORTER_OTLP_CLIENT_KEY(Kind.TEXT, null, "PEM file with the client's private key."),
  OTEL_EXPORTER_OTLP_TRACES_CLIENT_KEY(Kind.TEXT, null, "The same for traces alone."),
  OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE(
      Kind.TEXT, null, "PEM file with the client's certificate chain."),
  OTEL_EXPORTER_OTLP_TRACES_CLIENT_CERTIFICATE(Kind.TEXT, null, "The same for traces alone."),
  OTEL_EXPORTER_OTLP_METRICS_ENDPOINT(
      Kind.TEXT, null, "The endpoint for metrics alone; used as it is."),
  OTEL_EXPORTER_OTLP_METRICS_INSECURE(
      Kind.FLAG, null, "Whether an endpoint without a scheme is http:// for metrics alone."),
  OTEL_EXPORTER_OTLP_METRICS_PROTOCOL(Kind.TEXT, null, "The protocol for metrics alone."),
  OTEL_EXPORTER_OTLP_METRICS_HEADERS(Kind.PAIRS, null, "The headers for metrics alone."),
  OTEL_EXPORTER_OTLP_METRICS_COMPRESSION(Kind.TEXT, null, "The compression for metrics alone."),
  OTEL_EXPORTER_OTLP_METRICS_TIMEOUT(Kind.MILLIS, null, "The timeout for metrics alone."),
  OTEL_EXPORTER_OTLP_METRICS_CERTIFICATE(
      Kind.TEXT, null, "The authorities' PEM file for metrics alone."),
  OTEL_EXPORTER_OTLP_METRICS_CLIENT_KEY(
      Kind.TEXT, null, "The client's PEM file with its key for metrics alone."),
  OTEL_EXPORTER_OTLP_METRICS_CLIENT_CERTIFICATE(
      Kind.TEXT, null, "The client's PEM file with its certificates for metrics alone."),
  OTEL_EXPORTER_OTLP_PROFILES_ENDPOINT(
      Kind.TEXT,
      null,
      "The endpoint for profiles alone, used as it is; switches their export by OTLP on."),
  OTEL_EXPORTER_OTLP_PROFILES_INSECURE(
      Kind.FLAG, null, "Whether an endpoint without a scheme is http:// for profiles alone."),
  OTEL_EXPORTER_OTLP_PROFILES_PROTOCOL(Kind.TEXT, null, "The protocol for profiles alone."),
  OTEL_EXPORTER_OTLP_PROFILES_HEADERS(Kind.PAIRS, null, "The headers for profiles alone."),
  OTEL_EXPORTER_OTLP_PROFILES_COMPRESSION(Kind.TEXT, null, "The compression for profiles alone."),
  OTEL_EXPORTER_OTLP_PROFILES_TIMEOUT(Kind.MILLIS, null, "The timeout for profiles alone."),
  OTEL_EXPORTER_OTLP_PROFILES_CERTIFICATE(
      Kind.TEXT, null, "The authorities' PEM file for profiles alone."),
  OTEL_EXPORTER_OTLP_PROFILES_CLIENT_KEY(
      Kind.TEXT, null, "The client's PEM file with its key for profiles alone."),
  OTEL_EXPORTER_OTLP_PROFILES_CLIENT_CERTIFICATE(
      Kind.TEXT, null, "The client's PEM file with its certificates for profiles alone."),
  OTEL_BSP_SCHEDULE_DELAY(Kind.MILLIS, "5000", "The longest time a span waits for its batch."),
  OTEL_BSP_MAX_QUEUE_SIZE(
      Kind.COUNT, "8192", "How many spans may wait; what comes on top is dropped and counted."),
  OTEL_BSP_MAX_EXPORT_BATCH_SIZE(Kind.COUNT, "512", "How many spans go in one export."),
  OTEL_BSP_EXPORT_TIMEOUT(Kind.MILLIS, "30000", "The longest time one batch is tried for."),
  OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT(Kind.COUNT, null, "The longest text that an attribute holds."),
  OTEL_ATTRIBUTE_COUNT_LIMIT(
      Kind.COUNT, "128", "How many attributes a span or an event has at most."),
  OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT(
      Kind.COUNT, null, "The same as the limit without SPAN, before it."),
  OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT(
      Kind.COUNT, null, "The same as the limit without SPAN, before it."),
  OTEL_SPAN_EVENT_COUNT_LIMIT(
      Kind.COUNT,
      "128",
      "How many events a span has at most; an exception with its stack trace is the only one, so 0 leaves it out."),
  OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT(
      Kind.COUNT,
      null,
      "The same of an event; of an exception first the type, then the message, then the stack trace."),
  OTEL_SPAN_LINK_COUNT_LIMIT(
      Kind.COUNT,
      "128",
      "How many links a span has at most; they have no attributes that could be limited."),
  OTEL_METRICS_EXPORTER(
      Kind.LIST,
      "otlp",
      "otlp: metrics go where OTLP goes; prometheus: they are there to be scraped at /metrics; remote_write: they are written, which the URL alone makes too; several; none."),
  OTEL_METRIC_EXPORT_INTERVAL(
      Kind.MILLIS, "60000", "How often metrics are sent by OTLP and by remote write."),
  SONDE_METRICS_HISTOGRAMS(
      Kind.TEXT,
      "classic",
      "Buckets of histograms in Prometheus's protobuf and in remote write: classic, native (exponential) or both."),
  OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION(
      Kind.TEXT,
      "explicit_bucket_histogram",
      "Buckets of histograms in OTLP: explicit_bucket_histogram, or base2_exponential_bucket_histogram."),
  SONDE_REMOTE_WRITE_URL(
      Kind.LIST,
      null,
      "Where Prometheus's remote write goes, such as http://localhost:9090/api/v1/write. Unset: nowhere. With several, the names below with _1, _2 and so on behind them are for one each."),
  SONDE_REMOTE_WRITE_VERSION(
      Kind.LIST,
      "auto",
      "Of remote write: 1, 2, or auto: 2, and 1 where the receiver wants it; one, or one for each URL."),
  SONDE_REMOTE_WRITE_USER(
      Kind.TEXT, null, "A user for the receiver, by basic authentication; goes before a token."),
  SONDE_REMOTE_WRITE_PASSWORD(Kind.TEXT, null, "The user's password."),
  SONDE_REMOTE_WRITE_TOKEN(Kind.TEXT, null, "A bearer token for the receiver."),
  SONDE_REMOTE_WRITE_TENANT(Kind.TEXT, null, "The tenant, sent as X-Scope-OrgID."),
  SONDE_REMOTE_WRITE_HEADERS(
      Kind.PAIRS, null, "Further headers, key=value with commas, URL-encoded."),
  SONDE_REMOTE_WRITE_LABELS(
      Kind.PAIRS, null, "Labels of every series that is written, key=value with commas."),
  SONDE_REMOTE_WRITE_TIMEOUT(Kind.MILLIS, "10000", "The longest time of one request."),
  OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE(
      Kind.TEXT,
      "cumulative",
      "What sums count from: cumulative (the start), delta (the last export), lowmemory (delta for histograms and what the agent counts itself)."),
  OTEL_EXPORTER_PROMETHEUS_HOST(
      Kind.TEXT, "localhost", "The address that scrapes are answered at; 0.0.0.0 is every one."),
  OTEL_EXPORTER_PROMETHEUS_PORT(Kind.COUNT, "9464", "The port that scrapes are answered at."),
  OTEL_JAVA_METRICS_CARDINALITY_LIMIT(
      Kind.COUNT,
      "2000",
      "How many series an instrument has at most; calls beyond go to one series and are counted."),
  SONDE_METRICS_NAMES(
      Kind.TEXT,
      "otel",
      "What HTTP metrics are called: otel (OpenTelemetry's conventions), micrometer (http_server_requests_seconds with Spring Boot's labels), or both."),
  SONDE_SPAN_METRICS(
      Kind.LIST,
      "none",
      "Calls by the names of their spans: jaeger (traces_span_metrics_*), tempo (traces_spanmetrics_*), servicegraph (traces_service_graph_*), several of them, or none."),
  SONDE_METRICS_CREATED(
      Kind.FLAG,
      "false",
      "OpenMetrics says since when each counter and histogram counts, in a line _created."),
  OTEL_METRICS_EXEMPLAR_FILTER(
      Kind.TEXT,
      "trace_based",
      "Which calls may be exemplars: trace_based, those whose trace is exported, and so with always_on; always_off, none."),
  SONDE_EXEMPLARS_KEEP(
      Kind.FLAG,
      "false",
      "Traces that are not sampled are exported where a call of them is shown as an exemplar."),
  SONDE_JMX_CONFIG(
      Kind.TEXT,
      null,
      "A file of rules, as the JMX exporter has them, by which beans of this JVM become metrics."),
  SONDE_HTTP_HOST(
      Kind.TEXT, null, "The address of the agent's endpoint, before the Prometheus exporter's."),
  SONDE_HTTP_PORT(
      Kind.COUNT,
      null,
      "The port of the agent's endpoint, before the Prometheus exporter's; it listens if this is set."),
  SONDE_HTTP_USER(Kind.TEXT, null, "The user that the endpoint asks for, by basic authentication."),
  SONDE_HTTP_PASSWORD(Kind.TEXT, null, "The password that the endpoint asks for."),
  SONDE_HTTP_CERTIFICATE(
      Kind.TEXT, null, "PEM file with the endpoint's certificate chain; it speaks TLS then."),
  SONDE_HTTP_KEY(Kind.TEXT, null, "PEM file with the key of that certificate, PKCS#8."),
  SONDE_PPROF(
      Kind.TEXT,
      "auto",
      "Who is given profiles and thread dumps at the endpoint's /debug/pprof/: auto (this machine where SONDE_HTTP_HOST is a loopback address, else whoever has the password), on (everybody who reaches the port) or off."),
  OTEL_INSTRUMENTATION_COMMON_DEFAULT_ENABLED(
      Kind.FLAG, "true", "Whether libraries are instrumented that no setting of their own names."),
  OTEL_INSTRUMENTATION_COMMON_DB_STATEMENT_SANITIZER_ENABLED(
      Kind.FLAG, "true", "Whether literals are taken out of the statements that spans show."),
  OTEL_INSTRUMENTATION_HTTP_KNOWN_METHODS(
      Kind.TEXT,
      "CONNECT,DELETE,GET,HEAD,OPTIONS,PATCH,POST,PUT,QUERY,TRACE",
      "HTTP methods by name; others are called _OTHER."),
  OTEL_INSTRUMENTATION_MESSAGING_EXPERIMENTAL_RECEIVE_TELEMETRY_ENABLED(
      Kind.FLAG,
      "false",
      "Spans for polls that got messages, also where the poll is not part of a trace."),
  OTEL_INSTRUMENTATION_COMMON_LOGGING_TRACE_ID(
      Kind.TEXT, "trace_id", "The key of the trace id in the MDC of log events."),
  OTEL_INSTRUMENTATION_COMMON_LOGGING_SPAN_ID(
      Kind.TEXT, "span_id", "The key of the span id in the MDC of log events."),
  OTEL_INSTRUMENTATION_COMMON_LOGGING_TRACE_FLAGS(
      Kind.TEXT, "trace_flags", "The key of the trace flags in the MDC of log events."),
  SONDE_PROFILER_ENGINE(
      Kind.TEXT,
      "auto",
      "Where samples come from: auto, jfr (Flight Recorder, Java 17 and newer), async (async-profiler, Linux and macOS), sampler (stacks of busy threads) or off."),
  SONDE_PROFILES_EXPORTER(
      Kind.LIST,
      null,
      "Who is sent profiles: pyroscope, otlp, both with a comma, or none. Unset: pyroscope where PYROSCOPE_SERVER_ADDRESS is set, otlp where OTEL_EXPORTER_OTLP_PROFILES_ENDPOINT is."),
  SONDE_PROFILER_START_DELAY(
      Kind.MILLIS, "15000", "How long the application is left to itself before it is profiled."),
  SONDE_PROFILER_LINKS(
      Kind.TEXT,
      "fast",
      "Which spans have pyroscope.profile.id: fast (those with samples, where these are read within twice OTEL_BSP_SCHEDULE_DELAY after the span's end, and others that took enough for a sample), held (those with samples, which wait for it until their window is read) or off."),
  SONDE_PROFILER_SPAN_COSTS(
      Kind.FLAG, "true", "Spans carry their CPU time and the bytes that they allocated."),
  SONDE_PROFILER_BAGGAGE(
      Kind.LIST,
      null,
      "Keys of baggage that become labels of profiles, such as k6.test_run_id,k6.scenario; 8 keys, 50 values each in an hour."),
  SONDE_PROFILER_ALLOCATED_CLASS(
      Kind.TEXT,
      "off",
      "How allocation profiles name the class that was allocated: frame (above the method that allocated), label (class, for 50 classes) or off."),
  SONDE_PROFILER_EXCEPTIONS(
      Kind.FLAG,
      "false",
      "Profiles of the exceptions that are made, by Flight Recorder alone; each costs, so it is not for applications that throw many."),
  SONDE_PROFILER_DISK(
      Kind.COUNT, "64", "The most that recordings take in the temporary folder, in MiB."),
  SONDE_PROFILER_BUDGET(
      Kind.TEXT,
      "1%",
      "The CPU time that profiling may take by its own estimate: so many percent of one core, and as many of what the process takes; samples are thinned to keep it. From 0.1 to 100, off for no bound."),
  SONDE_SERVER_TIMING(
      Kind.FLAG,
      "false",
      "Answers carry Server-Timing: traceparent, so that browsers find the server's trace."),
  PYROSCOPE_SERVER_ADDRESS(
      Kind.TEXT,
      null,
      "Where profiles go, such as http://localhost:4040. Unset: not to Pyroscope."),
  PYROSCOPE_AGENT_ENABLED(
      Kind.FLAG, "true", "Whether profiles go to Pyroscope; others may take them all the same."),
  PYROSCOPE_CONFIGURATION_FILE(
      Kind.TEXT,
      "pyroscope.properties",
      "A file with Pyroscope's settings, as properties, for what neither a property nor a variable sets; the one of the default's name is read if it is in the working directory."),
  PYROSCOPE_APPLICATION_NAME(
      Kind.TEXT,
      null,
      "The service's name in profiles, labels in braces may follow; else as for spans."),
  PYROSCOPE_LABELS(Kind.PAIRS, null, "Labels of each profile, key=value with commas."),
  PYROSCOPE_AUTH_TOKEN(Kind.TEXT, null, "A bearer token for Pyroscope."),
  PYROSCOPE_BASIC_AUTH_USER(Kind.TEXT, null, "A user for Pyroscope; goes before a token."),
  PYROSCOPE_BASIC_AUTH_PASSWORD(Kind.TEXT, null, "The user's password."),
  PYROSCOPE_TENANT_ID(Kind.TEXT, null, "Pyroscope's tenant, sent as X-Scope-OrgID."),
  PYROSCOPE_HTTP_HEADERS(
      Kind.TEXT, null, "Further headers for Pyroscope: a JSON object, or key=value with commas."),
  PYROSCOPE_UPLOAD_INTERVAL(Kind.NANOS, "15s", "How much time one profile covers, 1s to 600s."),
  PYROSCOPE_PROFILE_EXPORT_TIMEOUT(Kind.NANOS, "10s", "The longest time of one upload."),
  PYROSCOPE_INGEST_MAX_TRIES(
      Kind.COUNT,
      null,
      "How often one upload is tried; unset or below 0: until the profile is an hour old."),
  PYROSCOPE_EXPORT_COMPRESSION_LEVEL_JFR(
      Kind.TEXT,
      "BEST_SPEED",
      "How small profiles and recordings for Pyroscope are made: NO_COMPRESSION, BEST_SPEED, DEFAULT_COMPRESSION, BEST_COMPRESSION or a level of gzip from 0 to 9."),
  PYROSCOPE_PROFILING_INTERVAL(
      Kind.NANOS,
      "20ms",
      "The CPU time between two samples; 10ms at the least by Flight Recorder before Java 25, 50ms by stacks of busy threads."),
  PYROSCOPE_PROFILER_EVENT(
      Kind.TEXT,
      "cpu",
      "What is sampled by time: cpu, wall (by async-profiler alone), both with a comma or none; itimer and ctimer are CPU time too, alloc and lock leave it out."),
  PYROSCOPE_PROFILER_ALLOC(
      Kind.TEXT,
      null,
      "Allocation profiles: off for none. A number of bytes (512k, 0 for 64k) is the distance of samples by async-profiler; Flight Recorder knows no such distance."),
  PYROSCOPE_PROFILER_LOCK(
      Kind.TEXT, "10ms", "The shortest wait for a lock that is recorded, 0 for 1ms; off for none."),
  PYROSCOPE_PROFILER_TYPE(
      Kind.TEXT,
      null,
      "JFR or ASYNC: the engine by its name in Pyroscope's agent, where SONDE_PROFILER_ENGINE is not set."),
  PYROSCOPE_JAVA_STACK_DEPTH_MAX(
      Kind.COUNT,
      "128",
      "How many frames of a stack are taken, 1000 at most. By Flight Recorder -XX:FlightRecorderOptions:stackdepth= stays unless this is set and is more; stacks of busy threads have 128."),
  PYROSCOPE_TMP_DIR(
      Kind.TEXT,
      null,
      "The folder for recordings and async-profiler's library, where java.io.tmpdir cannot have them; Flight Recorder's own chunks stay there."),
  SONDE_PYROSCOPE_ENDPOINT(
      Kind.TEXT,
      "push",
      "Which endpoint of Pyroscope takes the profiles: push (push.v1), ingest for a server or proxy without it, or jfr (the raw recordings at /ingest, without spans)."),
  SONDE_LOG(Kind.TEXT, "warn", "What the agent says on stderr: warn, or off for nothing.");

  /** How a value is read. */
  enum Kind {
    FLAG("true or false"),
    COUNT("a whole number"),
    MILLIS("a number of milliseconds"),
    NANOS("a number with ms, us or s behind it"),
    TEXT("text"),
    LIST("names with commas"),
    PAIRS("key=value with commas");

    final String expected;

    Kind(String expected) {
      this.expected = expected;
    }
  }

  final Kind kind;
  final @Nullable String byDefault;
  private final String sentence;

  Option(Kind kind, @Nullable String byDefault, String sentence) {
    this.kind = kind;
    this.byDefault = byDefault;
    this.sentence = sentence;
  }

  /** The name as a system property. */
  public String property() {
    return Settings.property(name());
  }

  /** What kind of value is expected. */
  public String expected() {
    return kind.expected;
  }

  /** The default as text; null where there is none. */
  public @Nullable String byDefault() {
    return byDefault;
  }

  /** What it does. */
  public String sentence() {
    return sentence;
  }
}
