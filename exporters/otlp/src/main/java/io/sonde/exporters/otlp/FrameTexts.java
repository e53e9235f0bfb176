package io.sonde.exporters.otlp;

import org.jspecify.annotations.Nullable;

/**
 * Frames of stack traces as text, the latest ones kept: what fails, fails again at the same place.
 */
final class FrameTexts {
  private static final int KEPT = 512;

  /** Longer ones are not worth their place. */
  private static final int LONGEST = 300;

  private final @Nullable StackTraceElement[] frames = new StackTraceElement[KEPT];
  private final @Nullable String[] texts = new String[KEPT];

  String of(StackTraceElement frame) {
    int hash = frame.hashCode();
    int place = (hash ^ hash >>> 16) & KEPT - 1;
    String text = texts[place];
    if (text != null && frame.equals(frames[place])) {
      return text;
    }
    String made = frame.toString();
    if (made.length() <= LONGEST) {
      frames[place] = frame;
      texts[place] = made;
    }
    return made;
  }
}
