package io.sonde.core;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A message sent, a batch received, or a message processed. */
public final class MessagingSpan extends Span {
  /** A link without its tracestate. */
  private static final int LINK_WEIGHT = 64;

  private static final byte SEND = 0;
  private static final byte RECEIVE = 1;
  private static final byte PROCESS = 2;
  private static final String[] TYPES = {"send", "receive", "process"};

  private final String system;
  private final String operationName;
  private final byte type; // a number, as each byte of a span counts
  private @Nullable String destination;
  private @Nullable String group;
  private final @Nullable Object loop;
  private @Nullable Slot looping;
  private Remote @Nullable [] links;
  private short linkCount;

  private MessagingSpan(
      int kind,
      String system,
      String operationName,
      byte type,
      @Nullable String destination,
      @Nullable Span parent,
      @Nullable Incoming incoming,
      @Nullable Object loop) {
    super(loop == null ? kind : kind | LOOP, parent, incoming, null);
    this.system = system;
    this.operationName = operationName;
    this.type = type;
    this.destination = destination;
    this.loop = loop;
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
        : new MessagingSpan(PRODUCER, system, operationName, SEND, destination, parent, null, null);
  }

  /**
   * As {@link #send(String, String, String)}, for a library that passes messages on: where this
   * thread does nothing that the span could go below, it goes below the one in the message's own
   * headers.
   */
  public static <C> @Nullable MessagingSpan send(
      String system,
      String operationName,
      @Nullable String destination,
      C message,
      Headers<C> headers) {
    if (!Tracing.on()) {
      return null;
    }
    Slot slot = Slot.get();
    Span parent = current(slot);
    if (suppressed(parent, PRODUCER)) {
      return null;
    }
    Incoming incoming = slot.incoming();
    if (parent == null) {
      Tracing.propagation().extract(message, headers, incoming);
    }
    MessagingSpan span =
        new MessagingSpan(
            PRODUCER, system, operationName, SEND, destination, parent, incoming, null);
    slot.done(incoming);
    return span;
  }

  /** The destination, where it was not known at the start. */
  public void destination(@Nullable String name) {
    if (!isEnded()) {
      destination = name;
    }
  }

  /** Starts the span of a call that fetches messages, or returns null where tracing is off. */
  public static @Nullable MessagingSpan receive(
      String system, String operationName, @Nullable String destination) {
    return Tracing.on()
        ? new MessagingSpan(
            0, system, operationName, RECEIVE, destination, current(Slot.peek()), null, null)
        : null;
  }

  /**
   * Starts the span of one message being worked on: below the span that sent it, or below what this
   * thread does already; linked to the one that sent it in either case. Returns null where tracing
   * is off or this message is being worked on already.
   */
  public static <C> @Nullable MessagingSpan process(
      String system,
      String operationName,
      @Nullable String destination,
      C message,
      Headers<C> headers) {
    return process(system, operationName, destination, message, headers, null);
  }

  /**
   * As {@link #process}, and makes the span the context of this thread: for a loop over messages,
   * which nobody tells when it is left. The span ends with {@link #endTurn}, with {@link #endLoop},
   * when what encloses the loop ends, or when it is overdue.
   *
   * @param loop whose loop this is; for {@link #endLoop}
   */
  public static <C> @Nullable MessagingSpan turn(
      String system,
      String operationName,
      @Nullable String destination,
      C message,
      Headers<C> headers,
      Object loop) {
    MessagingSpan span = process(system, operationName, destination, message, headers, loop);
    if (span != null) {
      Slot slot = Slot.get();
      span.looping = slot;
      slot.begin(span);
    }
    return span;
  }

  /** The loop goes on to its next message. */
  public void endTurn() {
    leave();
    end();
  }

  /** Ends what a loop of that owner left open on this thread. */
  public static void endLoop(Object loop) {
    Slot slot = Slot.peek();
    if (slot != null) {
      slot.endLoop(loop);
    }
  }

  /** What this thread works on failed, as a framework found out: the innermost message or batch. */
  public static void failed(@Nullable Throwable thrown) {
    Span span = current(Slot.peek());
    if (span instanceof MessagingSpan && span.otlpKind() == 5) {
      span.error(thrown);
    }
  }

  @Override
  boolean turns(Slot slot) {
    return looping == slot;
  }

  @Override
  @Nullable Object loop() {
    return loop;
  }

  private static <C> @Nullable MessagingSpan process(
      String system,
      String operationName,
      @Nullable String destination,
      C message,
      Headers<C> headers,
      @Nullable Object loop) {
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
    // What began this thread or its task and is over does not take the messages that come later.
    boolean ambient = current != null && !(incoming.valid() && current.isEnded());
    MessagingSpan span =
        new MessagingSpan(
            CONSUMER,
            system,
            operationName,
            PROCESS,
            destination,
            ambient ? current : null,
            incoming,
            loop);
    span.link(incoming);
    slot.done(incoming);
    return span;
  }

  /**
   * Starts the span of several messages being worked on at once, each to be {@link #link}ed, or
   * returns null where tracing is off or they are being worked on already.
   */
  public static @Nullable MessagingSpan processBatch(
      String system, String operationName, @Nullable String destination) {
    if (!Tracing.on()) {
      return null;
    }
    Span current = current(Slot.peek());
    return suppressed(current, CONSUMER)
        ? null
        : new MessagingSpan(
            CONSUMER, system, operationName, PROCESS, destination, current, null, null);
  }

  /** How many messages go with this one call. */
  public void messages(int count) {
    set(Names.MESSAGING_BATCH_MESSAGE_COUNT, count);
  }

  /**
   * A consumer got so many messages of one destination, whether or not the work on them is traced.
   */
  public static void delivered(
      String system, String operationName, String destination, @Nullable String group, int count) {
    Red.delivered(system, operationName, destination, group, count);
  }

  /** The group of consumers that the message or the poll is of. */
  public void group(@Nullable String name) {
    if (!isEnded()) {
      group = name;
    }
  }

  /** Whether it counts as a message that was sent. */
  boolean sends() {
    return type == SEND;
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
    if (!exported() || !incoming.valid() || linkCount == Short.MAX_VALUE) {
      return;
    }
    if (linkCount++ >= Limits.links()) {
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
  public int weight() {
    int bytes = super.weight();
    for (Remote link : links()) {
      bytes += LINK_WEIGHT + length(link.traceState);
    }
    return bytes;
  }

  @Override
  RedSeries red(Red red) {
    return red.messaging(
        system, operationName, TYPES[type], type == PROCESS, destination, group, errorType());
  }

  @Override
  public String name() {
    return destination == null ? operationName : operationName + ' ' + destination;
  }

  @Override
  public int otlpKind() {
    return type == SEND ? 4 : type == PROCESS ? 5 : 3;
  }

  @Override
  public void fields(Out out) {
    out.attribute(Names.MESSAGING_SYSTEM, system);
    out.attribute(Names.MESSAGING_OPERATION_NAME, operationName);
    out.attribute(Names.MESSAGING_OPERATION_TYPE, TYPES[type]);
    if (destination != null) {
      out.attribute(Names.MESSAGING_DESTINATION_NAME, destination);
    }
    if (group != null) {
      out.attribute(Names.MESSAGING_CONSUMER_GROUP_NAME, group);
    }
  }

  @Override
  public @Nullable String errorType() {
    Throwable thrown = thrown();
    return thrown == null ? null : thrown.getClass().getName();
  }
}
