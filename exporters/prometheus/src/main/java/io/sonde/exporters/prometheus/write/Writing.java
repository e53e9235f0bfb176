package io.sonde.exporters.prometheus.write;

import io.sonde.core.Complaints;
import io.sonde.core.Delivery;
import io.sonde.core.Delivery.Outcome;
import io.sonde.core.metrics.MetricSource;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** What has been read and waits, and how the next request goes. Of the writer's thread alone. */
final class Writing {
  /** How many samples are in a request. */
  private static final int REQUEST = 2000;

  private static final long LONGEST_PAUSE = 30_000_000_000L;

  private final Receiver receiver;
  private final MetricSource source;
  private final Delivery delivery;
  private final Complaints complaints;
  private final Backlog backlog;
  private final Sender sender;
  private final Target target;
  private final Requests requests;
  private final long firstPause;
  private Version version;
  private boolean confirmed;

  /** The request at hand was misread as 2.0, and 1.0 is kept to only where that is taken. */
  private boolean trial;

  private long pause;
  private long pauseEnd;
  private boolean pausing;
  private @Nullable Snapshot last;
  private long callsAtEnd = -1;

  Writing(
      Receiver receiver,
      MetricSource source,
      Delivery delivery,
      RemoteWriter.Surroundings surroundings,
      RemoteWriter.Bounds bounds,
      long started) {
    this.receiver = receiver;
    this.source = source;
    this.delivery = delivery;
    backlog = new Backlog(bounds.capacity);
    complaints = new Complaints(surroundings, "samples", receiver, delivery, backlog);
    firstPause = pause = bounds.firstPauseNanos;
    version = receiver.version == null ? Version.TWO : receiver.version;
    sender = new Sender(receiver, surroundings.version());
    target = new Target(surroundings.resource(), receiver.labels);
    requests = new Requests(target.labels, started, receiver.histograms);
  }

  /** Reads all metrics; what there is no room for gives way. */
  void read() {
    Snapshot now = Snapshot.read(source, target, receiver.histograms, last);
    last = now;
    delivery.add(Outcome.QUEUE_FULL, backlog.add(now));
  }

  /** How many nanoseconds until the next request; -1 where there is none. */
  long due() {
    if (backlog.first() == null) {
      return -1;
    }
    return pausing ? Math.max(0, pauseEnd - System.nanoTime()) : 0;
  }

  /** Sends the next request. */
  void send() {
    Snapshot first = backlog.first();
    if (first == null) {
      return;
    }
    int end = first.end(REQUEST);
    int samples = first.samples(first.next, end);
    Answer answer = sender.post(requests.of(first, end, version), version);
    if (older(answer)) {
      version = Version.ONE;
    } else if (answer.outcome.passing()) {
      complaints.about(answer.text);
      retryAfter(answer.waitMillis);
    } else {
      pausing = false;
      pause = firstPause;
      first.next = end;
      if (end == first.points.size()) {
        backlog.removeFirst();
      }
      count(answer, samples);
      if (trial && answer.outcome != Outcome.EXPORTED) {
        version = Version.TWO;
      }
      trial = false;
    }
  }

  /** Whether the receiver does not know 2.0, and 1.0 may be tried. */
  private boolean older(Answer answer) {
    if (version == Version.ONE || answer.written >= 0) {
      confirmed |= answer.written >= 0;
      return false;
    }
    boolean silent = answer.outcome == Outcome.EXPORTED;
    boolean misread = answer.status == 400 && !confirmed;
    trial = receiver.version == null && misread;
    return receiver.version == null && (silent || misread || answer.status == 415);
  }

  /** What became of a request that will not be sent again. */
  private void count(Answer answer, int samples) {
    boolean whole = answer.outcome == Outcome.EXPORTED;
    long written = version == Version.ONE ? whole ? samples : 0 : Math.max(0, answer.written);
    written = Math.min(samples, written);
    delivery.add(Outcome.EXPORTED, written);
    if (written == samples) {
      complaints.summary();
      return;
    }
    delivery.add(whole || written > 0 ? Outcome.REJECTED : answer.outcome, samples - written);
    complaints.about(
        !whole
            ? answer.text
            : answer.written < 0
                ? "it does not say what it wrote, as a receiver of 2.0 does"
                : "it left samples out");
  }

  private void retryAfter(long askedMillis) {
    double about = pause * (0.8 + 0.4 * ThreadLocalRandom.current().nextDouble());
    pause = Math.min(LONGEST_PAUSE, pause * 2);
    pause(Math.max((long) about, askedMillis * 1_000_000));
  }

  /** Sends nothing for so long. */
  void pause(long nanos) {
    pausing = true;
    pauseEnd = System.nanoTime() + nanos;
  }

  /**
   * Gives all series their last values and ends them, where calls were recorded since that was done
   * last; stops at the first request that does not arrive.
   */
  void end() {
    pausing = false;
    while (backlog.first() != null && !pausing) {
      send();
    }
    read();
    Snapshot now = last;
    if (now == null || pausing) {
      return;
    }
    if (now.calls() == callsAtEnd) {
      backlog.removeFirst();
      return;
    }
    callsAtEnd = now.calls();
    Snapshot end = now.ended();
    backlog.add(end);
    while (backlog.first() != null && !pausing) {
      send();
    }
    last = end;
  }

  /** Breaks off a request that is under way. */
  void cancel() {
    sender.cancel();
  }
}
