package io.sonde.profiler.jfr;

import java.util.Set;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.atomic.AtomicLong;
import jdk.jfr.FlightRecorder;
import jdk.jfr.FlightRecorderListener;
import jdk.jfr.Recording;
import jdk.jfr.RecordingState;
import org.jspecify.annotations.Nullable;

/**
 * Sees recordings that are not ours, those too that are over within a moment: whatever they ask for
 * is in our file too, which holds the chunks of all.
 */
final class Company implements FlightRecorderListener {
  /** How the JDK names the recording behind a stream. */
  private static final String STREAM = "Recording Stream: ";

  private final AtomicLong changes = new AtomicLong();
  private final Set<Long> ours = new CopyOnWriteArraySet<>();

  // of the window under way
  private boolean atBegin;
  private long changesAtBegin;

  // of the window that comes
  private boolean before;
  private long changesBefore;

  /** On the thread of whoever starts, stops or closes a recording. */
  @Override
  public void recordingStateChanged(Recording recording) {
    if (!ours.contains(recording.getId())) {
      changes.incrementAndGet();
    }
  }

  /** That one is ours. */
  void add(Recording recording) {
    ours.add(recording.getId());
  }

  /** Closes one of ours. */
  void close(Recording recording) {
    recording.close();
    ours.remove(recording.getId());
  }

  /** Before a window's recording is started: its first chunk may be cut from one that runs. */
  void look() {
    changesBefore = changes.get();
    before = isThere();
  }

  /** The window begins that {@link #look} was for. */
  void begin() {
    atBegin = before;
    changesAtBegin = changesBefore;
  }

  /** Whether another recording is there, or was at any time since the window began. */
  boolean wasThere() {
    return atBegin || changes.get() != changesAtBegin || isThere();
  }

  /**
   * Whether any recording runs but ours, if we have one. Streams are not meant: libraries have one
   * for all of their life, for some events of their own.
   */
  static boolean isRecording(@Nullable Recording ours) {
    for (Recording recording : FlightRecorder.getFlightRecorder().getRecordings()) {
      boolean other = ours == null || recording.getId() != ours.getId();
      if (other
          && !recording.getName().startsWith(STREAM)
          && recording.getState() == RecordingState.RUNNING) {
        return true;
      }
    }
    return false;
  }

  /** Whether a recording that is not ours is there, in whatever state. */
  boolean isThere() {
    for (Recording recording : FlightRecorder.getFlightRecorder().getRecordings()) {
      if (!ours.contains(recording.getId())) {
        return true;
      }
    }
    return false;
  }
}
