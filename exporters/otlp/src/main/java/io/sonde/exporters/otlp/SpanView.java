package io.sonde.exporters.otlp;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.sdk.common.InstrumentationScopeInfo;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.data.EventData;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.data.StatusData;
import io.sonde.core.ClientSpan;
import io.sonde.core.Hex;
import io.sonde.core.Names;
import io.sonde.core.Remote;
import io.sonde.core.ServerSpan;
import io.sonde.core.Span;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A span of ours as OpenTelemetry reads it; one object that shows one span after the other. */
final class SpanView implements SpanData {
  private static final int WITHOUT_ATTRIBUTES = 160;
  private static final SpanKind[] KINDS = {
    SpanKind.INTERNAL,
    SpanKind.INTERNAL,
    SpanKind.SERVER,
    SpanKind.CLIENT,
    SpanKind.PRODUCER,
    SpanKind.CONSUMER
  };

  private final Source source;
  private final AttributeSnapshot attributes;
  private final ContextView context = new ContextView();
  private final ContextView parentContext = new ContextView();
  private SpanContext parent = SpanContext.getInvalid();
  private String name = "";
  private SpanKind kind = SpanKind.INTERNAL;
  private StatusData status = StatusData.unset();
  private List<EventData> events = Collections.emptyList();
  private List<LinkData> links = Collections.emptyList();
  private long start;
  private long end;
  private int droppedAttributes;
  private int droppedLinks;
  private int extraBytes;
  private long traceHi;
  private long traceLo;
  private String traceId = "";

  /** What all views of a batch share. */
  static final class Source {
    final Resource resource;
    final InstrumentationScopeInfo scope;
    final EpochClock clock;
    final AttributeKeys keys = new AttributeKeys();
    final ExceptionEvent exceptions = new ExceptionEvent();

    Source(Resource resource, InstrumentationScopeInfo scope, EpochClock clock) {
      this.resource = resource;
      this.scope = scope;
      this.clock = clock;
    }
  }

  SpanView(Source source) {
    this.source = source;
    attributes = new AttributeSnapshot(source.keys);
  }

  /**
   * Shows this span from now on; {@code before} is what the view before it shows, often of the same
   * trace.
   */
  void show(Span span, @Nullable SpanView before) {
    clear();
    name = span.name();
    kind = KINDS[span.otlpKind()];
    times(span);
    span.attributes(attributes);
    String error = span.errorType();
    if (error != null) {
      attributes.attribute(Names.ERROR_TYPE, error);
    }
    droppedAttributes = span.droppedAttributes();
    contexts(span, before);
    Throwable thrown = span.thrown();
    if (thrown != null) {
      EventData event = source.exceptions.of(thrown, end);
      events = Collections.singletonList(event);
      extraBytes += ExceptionEvent.MAX_TRACE;
    }
    if (error != null) {
      status = status(span, thrown);
    }
    links(span);
  }

  /** Lets go of what was shown. */
  void clear() {
    attributes.clear();
    events = Collections.emptyList();
    links = Collections.emptyList();
    status = StatusData.unset();
    extraBytes = 0;
    name = "";
  }

  private void times(Span span) {
    ServerSpan top = span.server();
    long offset = source.clock.offset(top == null ? span.startNanos() : top.startNanos());
    start = offset + span.startNanos();
    end = offset + span.endNanos();
  }

  private void contexts(Span span, @Nullable SpanView before) {
    traceHi = span.traceHi();
    traceLo = span.traceLo();
    traceId =
        before != null && before.traceHi == traceHi && before.traceLo == traceLo
            ? before.traceId
            : Hex.of(traceHi, traceLo);
    TraceState state = TraceStates.parsed(span.traceState());
    context.set(traceId, Hex.of(span.id()), span.traceFlags(), state, false);
    parent =
        span.parentId() == 0
            ? SpanContext.getInvalid()
            : parentContext.set(
                traceId, Hex.of(span.parentId()), span.traceFlags(), state, span.hasRemoteParent());
  }

  /** An HTTP span's status code says it all; elsewhere the message of the exception does. */
  private static StatusData status(Span span, @Nullable Throwable thrown) {
    boolean http = span instanceof ServerSpan || span instanceof ClientSpan;
    String description = thrown == null || http ? null : ExceptionEvent.message(thrown);
    return description == null
        ? StatusData.error()
        : StatusData.create(io.opentelemetry.api.trace.StatusCode.ERROR, description);
  }

  private void links(Span span) {
    Remote[] found = span.links();
    droppedLinks = span.droppedLinks();
    if (found.length == 0) {
      return;
    }
    links = new ArrayList<>(found.length);
    for (Remote link : found) {
      ContextView to =
          new ContextView()
              .set(
                  Hex.of(link.traceHi, link.traceLo),
                  Hex.of(link.spanId),
                  link.flags,
                  TraceStates.parsed(link.traceState),
                  true);
      links.add(LinkData.create(to));
      extraBytes += 64 + (link.traceState == null ? 0 : link.traceState.length());
    }
  }

  /** About how many bytes this becomes. */
  int bytes() {
    return WITHOUT_ATTRIBUTES + 3 * name.length() + attributes.bytes() + extraBytes;
  }

  @Override
  public String getName() {
    return name;
  }

  @Override
  public SpanKind getKind() {
    return kind;
  }

  @Override
  public SpanContext getSpanContext() {
    return context;
  }

  @Override
  public SpanContext getParentSpanContext() {
    return parent;
  }

  @Override
  public StatusData getStatus() {
    return status;
  }

  @Override
  public long getStartEpochNanos() {
    return start;
  }

  @Override
  public long getEndEpochNanos() {
    return end;
  }

  @Override
  public Attributes getAttributes() {
    return attributes;
  }

  @Override
  public List<EventData> getEvents() {
    return events;
  }

  @Override
  public List<LinkData> getLinks() {
    return links;
  }

  @Override
  public boolean hasEnded() {
    return true;
  }

  @Override
  public int getTotalRecordedEvents() {
    return events.size();
  }

  @Override
  public int getTotalRecordedLinks() {
    return links.size() + droppedLinks;
  }

  @Override
  public int getTotalAttributeCount() {
    return attributes.size() + droppedAttributes;
  }

  @Override
  public InstrumentationScopeInfo getInstrumentationScopeInfo() {
    return source.scope;
  }

  @Override
  @Deprecated
  public io.opentelemetry.sdk.common.InstrumentationLibraryInfo getInstrumentationLibraryInfo() {
    return io.opentelemetry.sdk.common.InstrumentationLibraryInfo.empty();
  }

  @Override
  public Resource getResource() {
    return source.resource;
  }
}
