package io.sonde.exporters.otlp;

import io.opentelemetry.sdk.common.export.MessageWriter;
import io.sonde.core.Complaints;
import io.sonde.core.Delivery;
import io.sonde.core.Delivery.Outcome;
import io.sonde.core.Messages;
import io.sonde.core.Traffic;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Brings one body after the other to the receiver and keeps count.
 *
 * <p>The attempts of one export, with pauses and Retry-After, are made inside
 * OTEL_EXPORTER_OTLP_TIMEOUT. Where that fails for a reason that passes, the body is exported again
 * until its time is over, OTEL_BSP_EXPORT_TIMEOUT for spans. The pause between exports grows across
 * bodies until the receiver answers again. A longer one that the receiver asks for is made before
 * anything else is sent, and the body has its chance after that, even where its time is over by
 * then. When the JVM ends all pauses do, and one attempt that begins after that is the last one.
 */
final class Delivering implements Retries.When {
  private static final long LONGEST_PAUSE = 5_000_000_000L;
  private static final String TRACES = "opentelemetry.proto.collector.trace.v1.TraceService/Export";

  private final Body body;
  private final String what;
  private final Owner owner;
  private final Transport transport;
  private final Target target;
  private final long batchTimeout;
  private final long firstPause;
  private final Time time;
  private final Delivery delivery;
  private final Complaints complaints;
  private long pause;
  private boolean partialSaid;

  /** What is sent, written already; it can be sent several times. */
  interface Body extends MessageWriter {
    /** How many spans or profiles it holds. */
    int count();

    /** It is complete now. */
    void end();
  }

  /** Whose exporter this is. */
  interface Owner extends Messages {
    /** Whether the JVM ends and nothing may wait any more. */
    boolean flushing();

    /** The agent's version, by which the exporter says who it is. */
    String version();

    /** What is delivered is about to be counted, one way or the other. */
    void over();

    /** The counts have changed. */
    void counted();
  }

  /**
   * Delivers {@code body}, whatever it holds by then.
   *
   * @param what it holds: spans or profiles
   * @param grpcMethod what is called by gRPC, null for traces'
   */
  Delivering(
      Owner owner,
      Target target,
      Body body,
      String what,
      @Nullable String grpcMethod,
      SpanExporter.Timing timing,
      Delivery delivery,
      Complaints.Waiting waiting) {
    this.owner = owner;
    this.target = target;
    this.body = body;
    this.what = what;
    this.delivery = delivery;
    batchTimeout = timing.batchTimeoutMillis * 1_000_000;
    firstPause = timing.firstPauseMillis * 1_000_000;
    pause = firstPause;
    time = timing.time;
    complaints = new Complaints(owner, what, target, delivery, waiting);
    transport =
        new Transport(
            target,
            grpcMethod == null ? TRACES : grpcMethod,
            new Retries(timing.firstPauseMillis, this, time),
            owner,
            body,
            grpcMethod != null ? Traffic.OTLP_PROFILES : Traffic.SPANS);
  }

  /**
   * Whether an export is tried again by itself; at the end of the JVM there is no time for that.
   */
  @Override
  public boolean passes(IOException e) {
    return !owner.flushing()
        && (e instanceof ConnectException
            || e instanceof SocketException
            || e instanceof SocketTimeoutException
            || e instanceof UnknownHostException);
  }

  @Override
  public boolean waits() {
    return !owner.flushing();
  }

  /** Delivers the body or counts it as lost; false where the receiver is not there. */
  boolean deliver() {
    long giveUp = time.nanos() + batchTimeout;
    boolean heeded = false;
    for (; ; ) {
      // Read before: where the JVM begins to end meanwhile, there is one more attempt.
      boolean last = owner.flushing();
      Failure failure = attempt();
      if (failure == null) {
        return true;
      }
      if (!failure.outcome.passing()) {
        lost(failure);
        return true;
      }
      long asked = transport.askedMillis() * 1_000_000;
      long wait = Math.max(asked, nextPause());
      boolean late = time.nanos() + wait - giveUp >= 0;
      if (last || late && (heeded || asked == 0)) {
        lost(failure);
        pause(wait);
        return false;
      }
      heeded |= late;
      failed(failure);
      pause(wait);
    }
  }

  private long nextPause() {
    long wait = (long) (pause * (0.8 + 0.4 * ThreadLocalRandom.current().nextDouble()));
    pause = Math.min(LONGEST_PAUSE, pause + pause / 2);
    return wait;
  }

  private @Nullable Failure attempt() {
    body.end();
    // An interrupt was for a pause that is over, and would break what it meets.
    Thread.interrupted();
    Throwable thrown = transport.send();
    // The end of the JVM interrupts a pause.
    boolean interrupted = Thread.interrupted();
    if (thrown != null) {
      return Failure.of(thrown, target);
    }
    byte[] answer = transport.answer();
    if (!interrupted && Failure.page(answer)) {
      return Failure.page();
    }
    accepted(answer);
    return null;
  }

  private void accepted(byte[] answer) {
    pause = firstPause;
    byte[] partial = new Fields(answer).bytes(1);
    long rejected = 0;
    if (partial != null) {
      rejected = Math.max(0, Math.min(new Fields(partial).number(1), body.count()));
      String message = new Fields(partial).text(2);
      partial(rejected, Complaints.line(message));
    }
    owner.over();
    delivery.add(Outcome.REJECTED, rejected);
    delivery.add(Outcome.EXPORTED, body.count() - rejected);
    owner.counted();
    complaints.summary();
  }

  /** The receiver took a request without some of its spans, or with a remark. */
  private void partial(long rejected, String message) {
    if (!partialSaid && (rejected > 0 || !message.isEmpty())) {
      partialSaid = true;
      owner.warn(
          target
              + (rejected > 0
                  ? " rejected " + rejected + " " + what + " of a request: "
                  : " warns: ")
              + message
              + " (said once)");
    }
  }

  private void lost(Failure failure) {
    owner.over();
    delivery.add(failure.outcome, body.count());
    failed(failure);
  }

  private void failed(Failure failure) {
    delivery.failed(failure.text);
    owner.counted();
    complaints.about(failure.text);
  }

  /** How many were lost since that was said the last time. */
  long unsaid() {
    return complaints.unsaid();
  }

  /** Nothing is to be sent for now. */
  void rest() {
    transport.rest();
  }

  /** Waits so long, or until the JVM ends. */
  private void pause(long nanos) {
    long until = time.nanos() + nanos;
    for (long left = nanos; left > 0 && !owner.flushing(); left = until - time.nanos()) {
      time.park(this, left);
      // What interrupts says before whether the JVM ends.
      Thread.interrupted();
    }
  }
}
