package io.sonde.profiler.pprof;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.zip.Deflater;
import org.jspecify.annotations.Nullable;

/**
 * Samples of one profile type and window, folded by stack and labels, written as gzip pprof. Not
 * thread-safe.
 *
 * <p>The bounds are those of a Pyroscope server, which refuses a profile with more. A sample that
 * finds no room is added to one without its span, or to the stack {@code [other]}, and counted in
 * {@link #overflow()}. The server's bound in bytes is kept by {@link #encodeForServer}.
 */
public final class Profile {
  /** From here on a new sample goes without its span, so that other stacks still find room. */
  private static final int MAX_LABELLED = 12_000;

  /**
   * Of one pprof before gzip. A server takes 4 MiB, but 2 MiB at once of one tenant, and what has
   * more would never get there.
   */
  static final int MAX_BYTES = 1_000_000;

  private static final int MAX_ENDPOINTS = 1000;
  private static final int MAX_ENDPOINT = 512;

  final ProfileType type;
  final Strings strings = new Strings();
  final Frames frames = new Frames(strings);
  final Stacks stacks;
  final Samples samples = new Samples();
  final Strings endpoints = new Strings();
  private final int truncated;
  private final int otherFrame;
  private final int otherStack;
  private final int maxSamples;
  private final int maxLabelled;
  private String comment = "";
  long period;
  private final int times;
  private long overflow;

  /** An empty one. */
  public Profile(ProfileType type) {
    this(type, 1);
  }

  /**
   * An empty one with room for so many times the samples and stacks of one window, which no server
   * would take. Frames are as many: they take more memory, and grow with the code alone.
   */
  public Profile(ProfileType type, int times) {
    this.type = type;
    this.times = times;
    maxSamples = Samples.MAX * times;
    maxLabelled = MAX_LABELLED * times;
    stacks = new Stacks(times);
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

  /** Says something to whoever reads the pprof. */
  public void comment(String text) {
    comment = text;
  }

  String comment() {
    return comment;
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
   * @return whether the profile has a sample of that span now
   */
  public boolean add(
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
        && samples.add(stack, spanId, traceHi, traceLo, endpoint, first, second, maxLabelled)) {
      return true;
    }
    if (spanId != 0) {
      overflow++;
    }
    if (!samples.add(stack, 0, 0, 0, endpoint, first, second, maxSamples - 1)) {
      overflow += stack == otherStack ? 0 : 1; // that was counted
      samples.add(otherStack, 0, 0, 0, 0, first, second, maxSamples);
    }
    return false;
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
    addAll(other, spans, 0, other.samples.count());
  }

  private void addAll(Profile other, boolean spans, int from, int until) {
    period = other.period;
    int[] known = new int[other.stacks.count()]; // one more than the number here
    for (int i = from; i < until; i++) {
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

  /**
   * The same as one or, where a server would refuse that for its size, as several, whose samples
   * add up to it. Each of them begins a millisecond after the one before: what has the same time
   * and labels some servers take for the same, sent twice.
   */
  public List<byte[]> encodeForServer(long startEpochNanos, long durationNanos, int level) {
    List<byte[]> parts = new ArrayList<>(1);
    encode(startEpochNanos, durationNanos, level, parts);
    return parts;
  }

  private void encode(long startEpochNanos, long durationNanos, int level, List<byte[]> parts) {
    long start = startEpochNanos + parts.size() * 1_000_000L;
    Bytes raw = new Pprof(this).write(start, durationNanos, false, MAX_BYTES);
    int count = samples.count();
    if (raw != null) {
      parts.add(Pprof.gzip(raw, level));
    } else if (count > 1) {
      part(0, count / 2).encode(startEpochNanos, durationNanos, level, parts);
      part(count / 2, count).encode(startEpochNanos, durationNanos, level, parts);
    } else if (part(0, count).frames.count() < frames.count()) { // the others are of no sample
      part(0, count).encode(startEpochNanos, durationNanos, level, parts);
    } else {
      withoutStack().encode(startEpochNanos, durationNanos, level, parts);
    }
  }

  private Profile part(int from, int until) {
    Profile part = new Profile(type, times);
    part.addAll(this, true, from, until);
    return part;
  }

  /** Of the only sample, whose frames alone are too much. */
  private Profile withoutStack() {
    Profile without = new Profile(type);
    without.period = period;
    without.add(
        without.otherStack,
        samples.span[0],
        samples.traceHi[0],
        samples.traceLo[0],
        endpoints.text(samples.endpoint[0]),
        samples.first[0],
        samples.second[0]);
    return without;
  }

  private byte[] encode(long startEpochNanos, long durationNanos, int level, boolean addresses) {
    Bytes raw = new Pprof(this).write(startEpochNanos, durationNanos, addresses, Integer.MAX_VALUE);
    return Pprof.gzip(Objects.requireNonNull(raw), level);
  }
}
