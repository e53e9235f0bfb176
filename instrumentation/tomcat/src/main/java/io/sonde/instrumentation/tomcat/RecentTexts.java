package io.sonde.instrumentation.tomcat;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.apache.tomcat.util.buf.ByteChunk;
import org.apache.tomcat.util.buf.MessageBytes;
import org.jspecify.annotations.Nullable;

/**
 * The latest values of one part of requests: where a request says what another one said, its bytes
 * need not become text again.
 */
final class RecentTexts {
  private static final int KEPT = 64;
  private static final int LONGEST = 512;

  /** About so many bytes, all over the value. */
  private static final int LOOKED_AT = 16;

  // A value's length and some of its bytes are its place. What is lost by two threads writing there
  // is made again.
  private final AtomicReferenceArray<@Nullable String> texts = new AtomicReferenceArray<>(KEPT);

  @Nullable String text(MessageBytes value) {
    byte[] bytes = value.getType() == MessageBytes.T_BYTES ? value.getByteChunk().getBytes() : null;
    if (bytes == null) {
      return TomcatServer.text(value);
    }
    int place = place(bytes, value.getByteChunk());
    String kept = texts.get(place);
    if (kept != null && value.equals(kept)) {
      return kept;
    }
    String text = TomcatServer.text(value);
    if (text != null && text.length() <= LONGEST) {
      texts.set(place, text);
    }
    return text;
  }

  private static int place(byte[] bytes, ByteChunk chunk) {
    int length = chunk.getLength();
    int end = chunk.getStart() + length;
    int hash = length;
    int step = length / LOOKED_AT + 1;
    for (int i = end - 1; i >= chunk.getStart(); i -= step) {
      hash = hash * 31 + bytes[i];
    }
    return (hash ^ hash >>> 16) & KEPT - 1;
  }
}
