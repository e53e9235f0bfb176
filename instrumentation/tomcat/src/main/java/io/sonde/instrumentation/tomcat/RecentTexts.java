package io.sonde.instrumentation.tomcat;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.apache.tomcat.util.buf.MessageBytes;
import org.jspecify.annotations.Nullable;

/**
 * The latest values of one header: where a request says what another one said, its bytes need not
 * become text again.
 */
final class RecentTexts {
  private static final int KEPT = 16;
  private static final int LONGEST = 512;

  // A value's length is its place. What is lost by two threads writing there is made again.
  private final AtomicReferenceArray<@Nullable String> texts = new AtomicReferenceArray<>(KEPT);

  @Nullable String text(MessageBytes value) {
    int length = value.getLength();
    String kept = texts.get(length & KEPT - 1);
    if (kept != null && value.equals(kept)) {
      return kept;
    }
    String text = TomcatServer.text(value);
    if (text != null && length <= LONGEST) {
      texts.set(length & KEPT - 1, text);
    }
    return text;
  }
}
