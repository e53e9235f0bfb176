package io.sonde.agent.metrics;

import io.sonde.core.Delivery;
import io.sonde.core.Delivery.Outcome;
import io.sonde.core.Fence;
import io.sonde.core.Red;
import io.sonde.core.metrics.Instrument;
import io.sonde.core.metrics.Instrument.Kind;
import io.sonde.core.metrics.Labels;
import io.sonde.core.metrics.MetricReader;
import io.sonde.core.metrics.MetricSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** How the agent itself is: its queue, what became of spans, what failed, what overflowed. */
final class AgentMetrics implements MetricSource {
  private static final Instrument QUEUED =
      new Instrument(
          Kind.UP_DOWN_COUNTER,
          "otel.sdk.processor.span.queue.size",
          "{span}",
          "Spans that wait to be exported.");
  private static final Instrument CAPACITY =
      new Instrument(
          Kind.UP_DOWN_COUNTER,
          "otel.sdk.processor.span.queue.capacity",
          "{span}",
          "Spans that can wait to be exported.");
  private static final Instrument EXPORTED =
      new Instrument(
          Kind.COUNTER,
          "otel.sdk.exporter.span.exported",
          "{span}",
          "Spans that were to leave the agent, with error.type where they did not arrive.");
  private static final Instrument WRITTEN =
      new Instrument(
          Kind.COUNTER,
          "otel.sdk.exporter.metric_data_point.exported",
          "{data_point}",
          "Samples that were to leave the agent, with error.type where they did not arrive.");
  private static final Instrument FAILURES =
      new Instrument(
          Kind.COUNTER,
          "sonde.instrumentation.failures",
          "{failure}",
          "Calls of the agent's instrumentation that failed, without effect on the application.");
  private static final Instrument OVERFLOW =
      new Instrument(
          Kind.COUNTER,
          "sonde.metrics.overflow",
          "{call}",
          "Calls recorded in an overflow series, because their instrument has all it may have.");

  private static final Map<Outcome, Labels> OUTCOMES = outcomes();
  private static final Map<Outcome, Labels> BY_OTLP =
      outcomes("otel.component.type", "otlp_metric_exporter");
  private static final Map<Outcome, Labels> BY_REMOTE_WRITE =
      outcomes("otel.component.type", "remote_write_exporter");

  private static Map<Outcome, Labels> outcomes(String... way) {
    Map<Outcome, Labels> outcomes = new EnumMap<>(Outcome.class);
    for (Outcome outcome : Outcome.values()) {
      List<Object> labels = new ArrayList<>(Arrays.asList(way));
      if (outcome != Outcome.EXPORTED) {
        labels.add("error.type");
        labels.add(outcome.text().replace(' ', '_'));
      }
      outcomes.put(outcome, Labels.of(labels.toArray()));
    }
    return outcomes;
  }

  static Labels labels(Outcome outcome) {
    return Objects.requireNonNull(OUTCOMES.get(outcome));
  }

  private final Delivery delivery;
  private final @Nullable Delivery points;
  private final List<Delivery> samples;
  private final Red red;

  /** Of the delivery of spans and, where there are any, of points by OTLP and by remote write. */
  AgentMetrics(Delivery delivery, @Nullable Delivery points, List<Delivery> samples, Red red) {
    this.delivery = delivery;
    this.points = points;
    this.samples = samples;
    this.red = red;
  }

  @Override
  public void read(MetricReader reader) {
    reader.instrument(QUEUED);
    reader.number(Labels.NONE, delivery.waiting());
    reader.instrument(CAPACITY);
    reader.number(Labels.NONE, delivery.capacity());
    reader.instrument(EXPORTED);
    OUTCOMES.forEach((outcome, labels) -> reader.number(labels, delivery.count(outcome)));
    if (points != null || !samples.isEmpty()) {
      reader.instrument(WRITTEN);
      if (points != null) {
        read(reader, Collections.singletonList(points), BY_OTLP);
      }
      read(reader, samples, BY_REMOTE_WRITE);
    }
    reader.instrument(FAILURES);
    reader.number(Labels.NONE, Fence.failures());
    reader.instrument(OVERFLOW);
    red.readOverflow(reader);
  }

  private static void read(MetricReader reader, List<Delivery> of, Map<Outcome, Labels> outcomes) {
    for (Map.Entry<Outcome, Labels> outcome : outcomes.entrySet()) {
      long count = 0;
      for (Delivery each : of) {
        count += each.count(outcome.getKey());
      }
      if (!of.isEmpty()) {
        reader.number(outcome.getValue(), count);
      }
    }
  }
}
