package io.sonde.exporters.otlp;

import io.sonde.core.Delivery;
import io.sonde.core.Delivery.Outcome;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Brings one batch after the other to the receiver, with attempts, pauses and a limit to both, and
 * keeps count.
 *
 * <p>The pause grows with each failed attempt and across batches until the receiver answers again,
 * so that a dead one is not asked more often than every few seconds. A pause that the receiver asks
 * for is kept even if the batch's time is over then.
 */
final class Delivering {
  private static final long FIRST_PAUSE = 1_000_000_000;
  private static final long LONGEST_PAUSE = 5_000_000_000L;

  final Batch batch;
  private final SpanExporter exporter;
  private final Sender sender;
  private final Target target;
  private final long batchTimeout;
  private final Complaints complaints;
  private long pause = FIRST_PAUSE;
  private Outcome problem = Outcome.FAILED;
  private String problemText = "";

  Delivering(
      SpanExporter exporter,
      Target target,
      Batch batch,
      SpanExporter.Timing timing,
      SpanExporter.Surroundings surroundings,
      String version) {
    this.exporter = exporter;
    this.target = target;
    this.batch = batch;
    batchTimeout = timing.batchTimeoutMillis * 1_000_000;
    complaints = new Complaints(surroundings, target);
    sender = new HttpSender(target, null, version);
  }

  /** Delivers the batch or counts it as lost; false where the receiver is not there. */
  boolean deliver() {
    batch.seal();
    long start = System.nanoTime();
    long giveUp = start + batchTimeout;
    for (; ; ) {
      Answer answer = attempt(deadline(giveUp));
      if (answer != null && answer.kind == Answer.Kind.ACCEPTED) {
        accepted(answer);
        return true;
      }
      if (answer != null && answer.kind == Answer.Kind.REFUSED) {
        lost();
        return true;
      }
      long wait =
          answer != null && answer.retryAfterNanos >= 0 ? answer.retryAfterNanos : jittered();
      pause = Math.min(LONGEST_PAUSE, pause + pause / 2);
      if (exporter.flushing() || System.nanoTime() - giveUp >= 0) {
        lost();
        pause(exporter.flushing() ? 0 : wait);
        return false;
      }
      complaints.about(problemText);
      pause(wait);
    }
  }

  private long deadline(long giveUp) {
    long now = System.nanoTime();
    long deadline = now + target.timeoutNanos;
    if (exporter.flushing()) {
      return earlier(deadline, exporter.flushUntil());
    }
    // An attempt after a long pause that the receiver asked for has its full time.
    return giveUp - now > 0 ? earlier(deadline, giveUp) : deadline;
  }

  private static long earlier(long a, long b) {
    return a - b < 0 ? a : b;
  }

  private @Nullable Answer attempt(long deadline) {
    try {
      Answer answer = sender.send(batch, deadline);
      if (answer.kind != Answer.Kind.ACCEPTED) {
        problem = answer.kind == Answer.Kind.REFUSED ? Outcome.REFUSED : Outcome.UNAVAILABLE;
        problemText = "it answers " + answer.message;
      }
      return answer;
    } catch (SocketTimeoutException e) {
      problem = Outcome.TIMEOUT;
      problemText = "no answer in time";
    } catch (IOException e) {
      problem = Outcome.UNREACHABLE;
      problemText = text(e);
    }
    return null;
  }

  private String text(IOException e) {
    if (e instanceof ConnectException) {
      return "connection refused, nothing listens there";
    }
    if (e instanceof UnknownHostException) {
      return "the host is not known";
    }
    if (e instanceof SSLException) {
      return "TLS fails (" + Answers.printable(String.valueOf(e.getMessage())) + ")";
    }
    if (!target.grpc && target.port == 4317) {
      return Answers.printable(String.valueOf(e.getMessage()))
          + "; port 4317 usually speaks gRPC: use 4318, or OTEL_EXPORTER_OTLP_PROTOCOL=grpc";
    }
    return Answers.printable(String.valueOf(e.getMessage()));
  }

  private void accepted(Answer answer) {
    pause = FIRST_PAUSE;
    long rejected = Math.min(answer.rejected, batch.count());
    Delivery.SPANS.add(Outcome.REJECTED, rejected);
    Delivery.SPANS.add(Outcome.EXPORTED, batch.count() - rejected);
    if (answer.message != null) {
      complaints.partial(answer);
    }
    complaints.summary();
  }

  private void lost() {
    Delivery.SPANS.add(problem, batch.count());
    complaints.about(problemText);
  }

  private long jittered() {
    return (long) (pause * (0.8 + 0.4 * ThreadLocalRandom.current().nextDouble()));
  }

  /** Waits so long, or until the JVM ends. */
  private void pause(long nanos) {
    long until = System.nanoTime() + nanos;
    for (long left = nanos; left > 0 && !exporter.flushing(); left = until - System.nanoTime()) {
      LockSupport.parkNanos(this, left);
    }
  }
}
