package io.sonde.core;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A message sent, a batch received, or a message processed. */
public final class MessagingSpan extends Span {
  private final String system;
  private final String operationName;
  private final String operationType;
  private final int otlpKind;
  private final @Nullable String destination;
  private Remote @Nullable [] links;
  private int linkCount;

  private MessagingSpan(
      int kind,
      int otlpKind,
      String system,
      String operationName,
      String operationType,
      @Nullable String destination,
      @Nullable Span parent,
      @Nullable Incoming incoming) {
    super(kind, parent, incoming);
    this.otlpKind = otlpKind;
    this.system = system;
    this.operationName = operationName;
    this.operationType = operationType;
    this.destination = destination;
  }

  /**
   * Starts the span of a message being sent, or returns null where tracing is off or one is sent
   * already.
   */
  public static @Nullable MessagingSpan send(
      String system, String operationName, @Nullable String destination) {
    if (!Tracing.on()) {
      return null;
    }
    Span parent = current(Slot.peek());
    return suppressed(parent, PRODUCER)
        ? null
        : new MessagingSpan(PRODUCER, 4, system, operationName, "send", destination, parent, null);
  }

  /** Starts the span of a call that fetches messages, or returns null where tracing is off. */
  public static @Nullable MessagingSpan receive(
      String system, String operationName, @Nullable String destination) {
    return Tracing.on()
        ? new MessagingSpan(
            0, 3, system, operationName, "receive", destination, current(Slot.peek()), null)
        : null;
  }

  /** Starts the span of one message being worked on, below the span that sent it. */
  public static <C> @Nullable MessagingSpan process(
      String system,
      String operationName,
      @Nullable String destination,
      C message,
      Headers<C> headers) {
    if (!Tracing.on()) {
      return null;
    }
    Slot slot = Slot.get();
    Span current = current(slot);
    if (suppressed(current, CONSUMER)) {
      return null;
    }
    Incoming incoming = slot.incoming();
    Tracing.propagation().extract(message, headers, incoming);
    MessagingSpan span =
        new MessagingSpan(
            CONSUMER,
            5,
            system,
            operationName,
            "process",
            destination,
            incoming.valid() ? null : current,
            incoming);
    span.link(incoming);
    slot.done(incoming);
    return span;
  }

  /** Links the span of a message that this call received. */
  public <C> void link(C message, Headers<C> headers) {
    if (exported()) {
      Slot slot = Slot.get();
      Incoming incoming = slot.incoming();
      Tracing.propagation().extract(message, headers, incoming);
      link(incoming);
      slot.done(incoming);
    }
  }

  private void link(Incoming incoming) {
    if (!exported() || !incoming.valid() || linkCount++ >= Limits.links()) {
      return;
    }
    Remote[] array = links;
    if (array == null) {
      links = array = new Remote[1];
    } else if (linkCount > array.length) {
      links = array = Arrays.copyOf(array, array.length * 4);
    }
    array[linkCount - 1] = incoming.toRemote();
  }

  @Override
  public Remote[] links() {
    return links == null
        ? super.links()
        : Arrays.copyOf(links, Math.min(linkCount, Limits.links()));
  }

  @Override
  public int droppedLinks() {
    return Math.max(0, linkCount - Limits.links());
  }

  @Override
  void red(Red red, long nanos) {
    red.messaging(system, operationName, operationType, destination, errorType(), nanos);
  }

  @Override
  public String name() {
    return destination == null ? operationName : operationName + ' ' + destination;
  }

  @Override
  public int otlpKind() {
    return otlpKind;
  }

  @Override
  public void fields(Out out) {
    out.attribute(Names.MESSAGING_SYSTEM, system);
    out.attribute(Names.MESSAGING_OPERATION_NAME, operationName);
    out.attribute(Names.MESSAGING_OPERATION_TYPE, operationType);
    if (destination != null) {
      out.attribute(Names.MESSAGING_DESTINATION_NAME, destination);
    }
  }

  @Override
  public @Nullable String errorType() {
    Throwable thrown = thrown();
    return thrown == null ? null : thrown.getClass().getName();
  }
}
