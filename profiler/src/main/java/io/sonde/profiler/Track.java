package io.sonde.profiler;

import io.sonde.core.Endpoint;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The changes of context of one thread, in order. Used by the profiler's thread alone. */
final class Track {
  private static final int WORDS = 4; // nanos, span, trace
  private static final int FIRST = 4;

  final long thread;
  private long[] words = new long[WORDS * FIRST];
  private @Nullable Endpoint[] endpoints = new Endpoint[FIRST];
  int count;

  /** What follows the change of that index is not complete. */
  private boolean[] lost = new boolean[FIRST];

  Track(long thread) {
    this.thread = thread;
  }

  void add(long at, long span, long hi, long lo, @Nullable Endpoint endpoint) {
    if (count > 1 && at - last() < 0 && span(count - 1) == 0) {
      count--; // the thread left before the end that was told while it left
    }
    // Whoever is taken for another thread may be told of twice; they stay in order all the same.
    long nanos = count > 0 && at - last() < 0 ? last() : at;
    if (isFull()) {
      words = Arrays.copyOf(words, words.length * 2);
      endpoints = Arrays.copyOf(endpoints, count * 2);
      lost = Arrays.copyOf(lost, count * 2);
    }
    int word = count * WORDS;
    lost[count] = false;
    words[word] = nanos;
    words[word + 1] = span;
    words[word + 2] = hi;
    words[word + 3] = lo;
    endpoints[count++] = endpoint;
  }

  int size() {
    return endpoints.length;
  }

  boolean isFull() {
    return count == endpoints.length;
  }

  void lose() {
    if (count > 0) {
      lost[count - 1] = true;
    }
  }

  boolean isLost(int index) {
    return lost[index];
  }

  boolean isInSpan() {
    return count > 0 && span(count - 1) != 0;
  }

  /** When the last change was. */
  long last() {
    return words[(count - 1) * WORDS];
  }

  long span(int index) {
    return words[index * WORDS + 1];
  }

  long traceHi(int index) {
    return words[index * WORDS + 2];
  }

  long traceLo(int index) {
    return words[index * WORDS + 3];
  }

  @Nullable Endpoint endpoint(int index) {
    return endpoints[index];
  }

  /** The last change that is not after {@code nanos}, -1 where none is. */
  int at(long nanos) {
    int low = 0;
    int high = count - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      if (words[middle * WORDS] - nanos <= 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return high;
  }

  /**
   * Room stays for as much as there was, so that the next window makes no garbage.
   *
   * @param spare how many times as much may stay
   */
  void forgetBefore(long nanos, int spare) {
    int most = count;
    int first = Math.max(0, at(nanos));
    count -= first;
    int size = endpoints.length;
    while (size > FIRST && size / spare >= most) {
      size /= 2;
    }
    if (size < endpoints.length) {
      words = Arrays.copyOfRange(words, first * WORDS, (first + size) * WORDS);
      endpoints = Arrays.copyOfRange(endpoints, first, first + size);
      lost = Arrays.copyOfRange(lost, first, first + size);
    } else if (first > 0) {
      System.arraycopy(words, first * WORDS, words, 0, count * WORDS);
      System.arraycopy(endpoints, first, endpoints, 0, count);
      System.arraycopy(lost, first, lost, 0, count);
      Arrays.fill(endpoints, count, most, null);
    }
  }
}
