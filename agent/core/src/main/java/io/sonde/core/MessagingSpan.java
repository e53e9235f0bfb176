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
      @Nullable Remote remote) {
    super(kind, parent, remote);
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
    Span parent = parentFor(Slot.peek());
    return suppressed(parent, PRODUCER)
        ? null
        : new MessagingSpan(PRODUCER, 4, system, operationName, "send", destination, parent, null);
  }

  /** Starts the span of a call that fetches messages, or returns null where tracing is off. */
  public static @Nullable MessagingSpan receive(
      String system, String operationName, @Nullable String destination) {
    return Tracing.on()
        ? new MessagingSpan(
            0, 3, system, operationName, "receive", destination, parentFor(Slot.peek()), null)
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
    Span current = parentFor(Slot.peek());
    if (suppressed(current, CONSUMER)) {
      return null;
    }
    Remote remote = Tracing.propagation().extract(message, headers);
    boolean sent = remote != null && remote.valid();
    return new MessagingSpan(
        CONSUMER, 5, system, operationName, "process", destination, sent ? null : current, remote);
  }

  /** Links the span of a message that this call received. */
  public <C> void link(C message, Headers<C> headers) {
    if (!exported()) {
      return;
    }
    Remote remote = Tracing.propagation().extract(message, headers);
    if (remote == null || !remote.valid()) {
      return;
    }
    if (links == null) {
      links = new Remote[4];
    }
    if (linkCount < Limits.links()) {
      if (linkCount == links.length) {
        links = Arrays.copyOf(links, linkCount * 2);
      }
      links[linkCount] = remote;
    }
    linkCount++;
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
