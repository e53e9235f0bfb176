package io.sonde.profiler.jfr;

import io.sonde.profiler.chunk.Type;
import org.jspecify.annotations.Nullable;

/** What becomes of the events of one type, and where their values stand. */
final class SampleFields {
  /** What an event is. */
  enum Kind {
    CPU_TIME,
    CPU_TIME_LOST,
    EXECUTION,
    NEW_TLAB,
    OUTSIDE_TLAB,
    ALLOCATION,
    MONITOR,
    PARK,
    EXCEPTION,
    PINNED,
    THREAD_START
  }

  final Kind kind;
  private final int start;
  private final int duration;
  private final int thread;
  private final int stack;
  private final int type;
  private final int first;
  private final int second;

  /** Whether the first number is in ticks, if it is a time. */
  private final boolean ticks;

  private SampleFields(Kind kind, Type of, String thread, String type, String... numbers) {
    this.kind = kind;
    start = index(of, "startTime");
    duration = of.index("duration");
    stack = of.index("stackTrace");
    this.thread = thread.isEmpty() ? -1 : index(of, thread);
    this.type = type.isEmpty() ? -1 : index(of, type);
    first = numbers.length < 1 ? -1 : index(of, numbers[0]);
    second = numbers.length < 2 ? -1 : index(of, numbers[1]);
    ticks = first >= 0 && of.isTicks(first);
  }

  private static int index(Type of, String field) {
    int index = of.index(field);
    if (index < 0) {
      throw new IllegalArgumentException(
          "not a recording of ours: no " + field + " in " + of.name());
    }
    return index;
  }

  /** Those of this type, null where nothing becomes of its events. */
  static @Nullable SampleFields of(Type type) {
    String thread = "eventThread";
    String made = "objectClass";
    return switch (type.name()) {
      case EventSettings.CPU_TIME ->
          new SampleFields(Kind.CPU_TIME, type, thread, "", "samplingPeriod");
      case EventSettings.CPU_TIME_LOST ->
          new SampleFields(Kind.CPU_TIME_LOST, type, thread, "", "lostSamples");
      case EventSettings.EXECUTION -> new SampleFields(Kind.EXECUTION, type, "sampledThread", "");
      case EventSettings.NEW_TLAB ->
          new SampleFields(Kind.NEW_TLAB, type, thread, made, "allocationSize", "tlabSize");
      case EventSettings.OUTSIDE_TLAB ->
          new SampleFields(Kind.OUTSIDE_TLAB, type, thread, made, "allocationSize");
      case EventSettings.ALLOCATION ->
          new SampleFields(Kind.ALLOCATION, type, thread, made, "weight");
      case EventSettings.MONITOR -> new SampleFields(Kind.MONITOR, type, thread, "monitorClass");
      case EventSettings.PARK -> new SampleFields(Kind.PARK, type, thread, "parkedClass");
      case EventSettings.EXCEPTION -> new SampleFields(Kind.EXCEPTION, type, thread, "thrownClass");
      case EventSettings.PINNED -> new SampleFields(Kind.PINNED, type, "", "");
      case EventSettings.THREAD_START ->
          new SampleFields(Kind.THREAD_START, type, "thread", "", "parentThread");
      default -> null;
    };
  }

  long start(long[] values) {
    return values[start];
  }

  /** In ticks. */
  long duration(long[] values) {
    return duration < 0 ? 0 : values[duration];
  }

  /** In the pool of threads. */
  long thread(long[] values) {
    return values[thread];
  }

  /** In the pool of stacks; none has 0. */
  long stack(long[] values) {
    return stack < 0 ? 0 : values[stack];
  }

  /** In the pool of classes: of the object that the event is about. */
  long type(long[] values) {
    return values[type];
  }

  long first(long[] values) {
    return values[first];
  }

  /** The CPU time that the event stands for; 0 where it does not say. */
  long cpuNanos(long[] values, Clock clock) {
    return first < 0 ? 0 : ticks ? clock.said(values[first]) : values[first];
  }

  long second(long[] values) {
    return values[second];
  }
}
