package io.sonde.profiler.pprof;

import io.sonde.core.Hex;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Samples of one profile type and window, folded by stack and labels, written as gzip pprof. Not
 * thread-safe.
 *
 * <p>The bounds are those of a Pyroscope server, which refuses a profile with more. A sample that
 * finds no room is added to one without its span, or to the stack {@code [other]}, and counted in
 * {@link #overflow()}.
 */
public final class Profile {
  /** From here on a new sample goes without its span, so that other stacks still find room. */
  private static final int MAX_LABELLED = 12_000;

  private static final int MAX_ENDPOINTS = 1000;
  private static final int MAX_ENDPOINT = 512;

  private final ProfileType type;
  private final Strings strings = new Strings();
  private final Frames frames = new Frames(strings);
  private final Stacks stacks = new Stacks();
  private final Samples samples = new Samples();
  private final Strings endpoints = new Strings();
  private final int truncated;
  private final int otherFrame;
  private final int otherStack;
  private long period;
  private long overflow;

  /** An empty one. */
  public Profile(ProfileType type) {
    this.type = type;
    truncated = frames.of("", "[truncated]", null, null, 0, FrameKind.JAVA);
    otherFrame = frames.of("", "[other]", null, null, 0, FrameKind.JAVA);
    otherStack = stacks.of(new int[] {otherFrame}, 1, -1);
  }

  /** What the values are. */
  public ProfileType type() {
    return type;
  }

  /** Says how far apart samples are, in the type's period unit. */
  public void period(long value) {
    period = value;
  }

  /**
   * A frame for {@link #stack}, the same number for the same frame.
   *
   * @param className with dots or slashes; empty where there is no class
   * @param descriptorOrNull tells overloaded methods apart
   * @param fileOrNull the source file's name without its folder; null: made of the class's name
   * @param line 0 or less where it is not known
   */
  public int frame(
      String className,
      String method,
      @Nullable String descriptorOrNull,
      @Nullable String fileOrNull,
      int line,
      FrameKind kind) {
    int frame = frames.of(className, method, descriptorOrNull, fileOrNull, Math.max(0, line), kind);
    return frame < 0 ? otherFrame : frame;
  }

  /**
   * A stack for {@link #add}, the same number for the same stack.
   *
   * @param truncated whether frames are missing at the root, which is then marked
   */
  public int stack(int[] leafFirstFrames, int depth, boolean truncated) {
    boolean cut = truncated || depth > Stacks.MAX_DEPTH;
    int kept = Math.min(depth, cut ? Stacks.MAX_DEPTH - 1 : Stacks.MAX_DEPTH);
    int stack = stacks.of(leafFirstFrames, kept, cut ? this.truncated : -1);
    return stack < 0 ? otherStack : stack;
  }

  /** How many frames a stack has. */
  public int depth(int stack) {
    return stacks.depth(stack);
  }

  /**
   * Adds a sample: CPU and wall nanoseconds; objects and bytes; contentions and nanoseconds;
   * exceptions.
   *
   * @param spanId 0: outside of any span
   * @param endpointOrNull the route, or {@link SeriesLabels}: bounded in number by who gives it
   */
  public void add(
      int stack,
      long spanId,
      long traceHi,
      long traceLo,
      @Nullable String endpointOrNull,
      long first,
      long second) {
    int endpoint = endpoint(endpointOrNull);
    if (stack == otherStack) {
      overflow++;
    }
    if (spanId != 0
        && samples.add(stack, spanId, traceHi, traceLo, endpoint, first, second, MAX_LABELLED)) {
      return;
    }
    if (spanId != 0) {
      overflow++;
    }
    if (samples.add(stack, 0, 0, 0, endpoint, first, second, Samples.MAX - 1)) {
      return;
    }
    overflow++;
    samples.add(otherStack, 0, 0, 0, 0, first, second, Samples.MAX);
  }

  private int endpoint(@Nullable String endpoint) {
    if (endpoint == null || endpoint.isEmpty()) {
      return 0;
    }
    String text = SeriesLabels.cut(endpoint, MAX_ENDPOINT);
    int known = endpoints.find(text);
    if (known >= 0) {
      return known;
    }
    return endpoints.of(endpoints.count() > MAX_ENDPOINTS ? "[other]" : text);
  }

  /**
   * Adds the samples of another one, whose values must mean the same.
   *
   * @param spans whether they keep their spans; without, samples of one stack become one
   */
  public void addAll(Profile other, boolean spans) {
    period = other.period;
    int[] known = new int[other.stacks.count()]; // one more than the number here
    for (int i = 0; i < other.samples.count(); i++) {
      int theirs = other.samples.stack[i];
      if (known[theirs] == 0) {
        known[theirs] = stackOf(other, theirs) + 1;
      }
      int endpoint = other.samples.endpoint[i];
      add(
          known[theirs] - 1,
          spans ? other.samples.span[i] : 0,
          spans ? other.samples.traceHi[i] : 0,
          spans ? other.samples.traceLo[i] : 0,
          endpoint == 0 ? null : other.endpoints.text(endpoint),
          other.samples.first[i],
          other.samples.second[i]);
    }
  }

  private int stackOf(Profile other, int theirs) {
    int[] leafFirst = new int[other.stacks.depth(theirs)];
    for (int i = 0; i < leafFirst.length; i++) {
      int frame = frames.of(other.frames, other.stacks.frame(theirs, i));
      leafFirst[i] = frame < 0 ? otherFrame : frame;
    }
    return stack(leafFirst, leafFirst.length, false);
  }

  /** Whether no sample was added. */
  public boolean isEmpty() {
    return samples.count() == 0;
  }

  /** How often a sample lost its span or its stack since there was no room. */
  public long overflow() {
    return overflow;
  }

  /** What is in it. */
  public Contents contents() {
    return new Contents(samples, stacks, frames, strings, endpoints, period);
  }

  /** The profile as gzip pprof. */
  public byte[] encode(long startEpochNanos, long durationNanos) {
    return encode(startEpochNanos, durationNanos, Deflater.BEST_SPEED);
  }

  /** The same at another level of gzip. */
  public byte[] encode(long startEpochNanos, long durationNanos, int level) {
    return encode(startEpochNanos, durationNanos, level, false);
  }

  /**
   * The same with an address for each frame, which is the same each time: by these scrapers find
   * the stacks of one answer in the next one, and what they grew by.
   */
  public byte[] encodeWithAddresses(long startEpochNanos, long durationNanos) {
    return encode(startEpochNanos, durationNanos, Deflater.BEST_SPEED, true);
  }

  private byte[] encode(long startEpochNanos, long durationNanos, int level, boolean addresses) {
    Bytes out = new Bytes(64 * 1024);
    Bytes scratch = new Bytes(4096);
    Bytes inner = new Bytes(1024);
    header(out, scratch);
    samples(out, scratch, inner);
    mappings(out, scratch);
    frames.write(out, scratch, inner, addresses);
    out.number(9, startEpochNanos);
    out.number(10, durationNanos);
    scratch.clear();
    scratch.number(1, strings.of(type.periodType));
    scratch.number(2, strings.of(type.periodUnit));
    out.bytes(11, scratch);
    out.number(12, period);
    for (int i = 0; i < strings.count(); i++) {
      out.text(6, strings.text(i));
    }
    return gzip(out, level);
  }

  private void header(Bytes out, Bytes scratch) {
    sampleType(out, scratch, type.firstType, type.firstUnit);
    if (type.secondType != null && type.secondUnit != null) {
      sampleType(out, scratch, type.secondType, type.secondUnit);
    }
  }

  private void sampleType(Bytes out, Bytes scratch, String name, String unit) {
    scratch.clear();
    scratch.number(1, strings.of(name));
    scratch.number(2, strings.of(unit));
    out.bytes(1, scratch);
  }

  private void samples(Bytes out, Bytes scratch, Bytes inner) {
    int spanId = strings.of("span_id");
    int traceId = strings.of("trace_id");
    for (int i = 0; i < samples.count(); i++) {
      scratch.clear();
      inner.clear();
      stacks.write(samples.stack[i], inner);
      scratch.bytes(1, inner);
      inner.clear();
      inner.varint(samples.first[i]);
      if (type.secondType != null) {
        inner.varint(samples.second[i]);
      }
      scratch.bytes(2, inner);
      if (samples.span[i] != 0) {
        label(scratch, inner, spanId, Hex.of(samples.span[i]));
        label(scratch, inner, traceId, Hex.of(samples.traceHi[i], samples.traceLo[i]));
      }
      if (samples.endpoint[i] != 0) {
        SeriesLabels.each(
            endpoints.text(samples.endpoint[i]),
            (name, value) -> label(scratch, inner, strings.of(name), value));
      }
      out.bytes(2, scratch);
    }
  }

  private void label(Bytes scratch, Bytes inner, int key, String value) {
    inner.clear();
    inner.number(1, key);
    inner.number(2, strings.of(value));
    scratch.bytes(3, inner);
  }

  /** One for Java code and one for native code, which is how a native frame is marked. */
  private void mappings(Bytes out, Bytes scratch) {
    for (int id = 1; id <= (frames.hasNative ? 2 : 1); id++) {
      scratch.clear();
      scratch.number(1, id);
      scratch.number(5, strings.of(id == 1 ? "[java]" : "[native]"));
      // Functions, files and lines are there: nothing is left to be looked up.
      scratch.number(7, 1);
      scratch.number(8, 1);
      scratch.number(9, 1);
      out.bytes(3, scratch);
    }
  }

  private static byte[] gzip(Bytes raw, int level) {
    ByteArrayOutputStream packed = new ByteArrayOutputStream(raw.size() / 4 + 64);
    try (GZIPOutputStream gzip =
        new GZIPOutputStream(packed, 8192) {
          {
            def.setLevel(level);
          }
        }) {
      gzip.write(raw.array(), 0, raw.size());
    } catch (IOException e) {
      throw new IllegalStateException("memory cannot be written to", e);
    }
    return packed.toByteArray();
  }
}
