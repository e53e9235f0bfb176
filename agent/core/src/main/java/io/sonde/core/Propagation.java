package io.sonde.core;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The configured formats of trace headers, in order: all of them are written, the first that finds
 * a parent is read.
 *
 * <p>Tolerant of everything that comes in: a header that is malformed counts as absent.
 */
public final class Propagation {
  private final Format[] formats;

  private Propagation(Format[] formats) {
    this.formats = formats;
  }

  /**
   * The formats of these names as OTEL_PROPAGATORS has them.
   *
   * @throws IllegalArgumentException naming the first one that is unknown
   */
  public static Propagation of(String... names) {
    Format[] formats = new Format[names.length];
    int count = 0;
    List<String> all = Arrays.asList(names);
    for (int i = 0; i < names.length; i++) {
      Format format = Format.of(names[i]);
      if (format != null && all.indexOf(names[i]) == i) { // Twice is once.
        formats[count++] = format;
      }
    }
    return new Propagation(Arrays.copyOf(formats, count));
  }

  /** Whether {@link #of} takes that name. */
  public static boolean isKnown(String name) {
    try {
      Format.of(name);
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** Reads what came from upstream. */
  <C> void extract(C carrier, Headers<C> headers, Incoming into) {
    for (Format format : formats) {
      format.extract(carrier, headers, into);
    }
  }

  <C> void inject(Span span, C carrier, HeaderSink<C> sink) {
    for (Format format : formats) {
      format.inject(span, carrier, sink);
    }
  }

  /** One format. */
  interface Format {
    /** Adds what this format's headers say; a parent that is there already stays. */
    <C> void extract(C carrier, Headers<C> headers, Incoming into);

    /** Writes the span's context and baggage. */
    <C> void inject(Span span, C carrier, HeaderSink<C> sink);

    /** The format of that name, or null for none. */
    static @Nullable Format of(String name) {
      switch (name) {
        case "tracecontext":
          return new TraceContext();
        case "baggage":
          return new Baggage();
        case "b3":
          return new B3(true);
        case "b3multi":
          return new B3(false);
        case "jaeger":
          return new Jaeger();
        case "ottrace":
          return new OtTrace();
        case "xray":
          return new XRay();
        case "none":
          return null;
        default:
          throw new IllegalArgumentException(name);
      }
    }
  }
}
