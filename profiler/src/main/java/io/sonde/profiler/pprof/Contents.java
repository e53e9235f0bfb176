package io.sonde.profiler.pprof;

/**
 * What is in a profile, by number, for those who write it in another form. Numbers are of this
 * profile alone; they hold until a sample is added to it.
 */
public final class Contents {
  private final Samples samples;
  private final Stacks stacks;
  private final Frames frames;
  private final Strings strings;
  private final Strings endpoints;

  /** How far apart samples are, in the type's period unit; 0 where it is not known. */
  public final long period;

  Contents(
      Samples samples,
      Stacks stacks,
      Frames frames,
      Strings strings,
      Strings endpoints,
      long period) {
    this.samples = samples;
    this.stacks = stacks;
    this.frames = frames;
    this.strings = strings;
    this.endpoints = endpoints;
    this.period = period;
  }

  /** How many samples there are. */
  public int samples() {
    return samples.count();
  }

  /** A sample's first value, or its second one. */
  public long value(int sample, boolean second) {
    return second ? samples.second[sample] : samples.first[sample];
  }

  /** A sample's stack. */
  public int stack(int sample) {
    return samples.stack[sample];
  }

  /** A sample's span, 0 for none. */
  public long span(int sample) {
    return samples.span[sample];
  }

  /** The upper half of its trace. */
  public long traceHi(int sample) {
    return samples.traceHi[sample];
  }

  /** The lower half of its trace. */
  public long traceLo(int sample) {
    return samples.traceLo[sample];
  }

  /** What a sample's labels are, 0 for none. */
  public int labels(int sample) {
    return samples.endpoint[sample];
  }

  /** Each of those labels. */
  public void each(int labels, SeriesLabels.Out out) {
    SeriesLabels.each(endpoints.text(labels), out);
  }

  /** How many stacks there are. */
  public int stacks() {
    return stacks.count();
  }

  /** How many frames a stack has. */
  public int depth(int stack) {
    return stacks.depth(stack);
  }

  /** A frame of a stack; 0 is the leaf. */
  public int frame(int stack, int depth) {
    return stacks.frame(stack, depth);
  }

  /** How many frames there are. */
  public int frames() {
    return frames.count();
  }

  /** The line in its source, 0 where it is not known. */
  public int line(int frame) {
    return frames.line(frame);
  }

  /** What the frame is. */
  public FrameKind kind(int frame) {
    return frames.kind(frame);
  }

  /** The name of a frame's function. */
  public String name(int frame) {
    return strings.text(frames.functionText(frame, Frames.NAME));
  }

  /** The same with what tells it apart from others of that name. */
  public String systemName(int frame) {
    return strings.text(frames.functionText(frame, Frames.SYSTEM_NAME));
  }

  /** The source file of a frame's function, empty where there is none. */
  public String file(int frame) {
    return strings.text(frames.functionText(frame, Frames.FILE));
  }
}
