package io.sonde.soak;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.sonde.testing.ReceivedProfile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.zip.GZIPInputStream;

/** What came to the servers of one application, whatever was answered. */
final class Arrivals {
  private static final int BAD_REQUEST = 400;

  /** Taken for Pyroscope's answers, which are not read; not for a collector's. */
  private static final int UNSURE = 206;

  private final Set<String> profiles = new HashSet<>();
  private final TreeSet<Long> windows = new TreeSet<>();
  private final List<String> problems = new ArrayList<>();
  private long taken;
  private long refused;
  private long lastEnd;
  private long spans;
  private long unsureSpans;
  private long metrics;

  /** At Pyroscope. */
  void profiles(String path, byte[] body, int status) {
    List<ReceivedProfile> all = new ArrayList<>();
    try {
      push(CodedInputStream.newInstance(body), all);
    } catch (IOException | IllegalArgumentException e) {
      problem(path + ": " + e);
      return;
    }
    count(all, status);
  }

  private synchronized void count(List<ReceivedProfile> all, int status) {
    for (ReceivedProfile one : all) {
      profiles.add(one.epochNanos() + " " + one.types());
      windows.add(one.epochNanos());
      lastEnd = Math.max(lastEnd, one.epochNanos() + one.durationNanos());
    }
    if (status == 200 || status == UNSURE) {
      taken += all.size();
    } else if (status > 200 && status < 500 && status != 429) {
      // A request of several that is at fault is sent again, one by one.
      refused += status == BAD_REQUEST && all.size() > 1 ? 0 : all.size();
    }
  }

  private static void push(CodedInputStream in, List<ReceivedProfile> into) throws IOException {
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      CodedInputStream series = in.readBytes().newCodedInput();
      Map<String, String> labels = new TreeMap<>();
      for (int of = series.readTag(); of != 0; of = series.readTag()) {
        CodedInputStream pair = series.readBytes().newCodedInput();
        pair.readTag();
        if (WireFormat.getTagFieldNumber(of) == 1) {
          String name = pair.readString();
          pair.readTag();
          labels.put(name, pair.readString());
        } else {
          into.add(ReceivedProfile.of(labels, pair.readByteArray()));
        }
      }
    }
  }

  /** At the collector. */
  void signals(String path, byte[] body, int status) throws IOException {
    if (status != 200 && status != UNSURE) {
      return;
    }
    if (!path.endsWith("/v1/traces")) {
      metric();
      return;
    }
    long count = 0;
    for (ResourceSpans resource : request(body).getResourceSpansList()) {
      for (ScopeSpans scope : resource.getScopeSpansList()) {
        count += scope.getSpansCount();
      }
    }
    add(count, status == UNSURE);
  }

  private static ExportTraceServiceRequest request(byte[] body) throws IOException {
    boolean gzip = body.length > 2 && body[0] == 0x1f && (body[1] & 0xff) == 0x8b;
    byte[] plain = body;
    if (gzip) {
      try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(body))) {
        plain = in.readAllBytes();
      }
    }
    return ExportTraceServiceRequest.parseFrom(plain);
  }

  private synchronized void add(long more, boolean unsure) {
    spans += unsure ? 0 : more;
    unsureSpans += unsure ? more : 0;
  }

  private synchronized void metric() {
    metrics++;
  }

  private synchronized void problem(String text) {
    problems.add(text);
  }

  /** What there was so far. */
  synchronized Counts counts() {
    return new Counts(
        taken,
        refused,
        profiles.size(),
        windows.size(),
        lastEnd / 1_000_000,
        spans,
        unsureSpans,
        metrics,
        List.copyOf(problems));
  }

  /**
   * Profiles that were taken, that were refused for good, different ones in all, the windows they
   * are of, when the last of them ended; spans that were taken, or maybe, and requests with
   * metrics.
   */
  record Counts(
      long taken,
      long refused,
      long profiles,
      long windows,
      long lastEndMillis,
      long spans,
      long unsureSpans,
      long metrics,
      List<String> problems) {}
}
