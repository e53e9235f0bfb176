package io.sonde.profiler.pprof;

import io.sonde.core.Hex;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/** Writes one profile as pprof. */
final class Pprof {
  private final Profile profile;
  private final ProfileType type;
  private final Strings strings;
  private final Bytes out = new Bytes(64 * 1024);
  private final Bytes scratch = new Bytes(4096);
  private final Bytes inner = new Bytes(1024);

  Pprof(Profile profile) {
    this.profile = profile;
    type = profile.type;
    strings = profile.strings;
  }

  /** Once; null where it has more than so many bytes. */
  @Nullable Bytes write(long startEpochNanos, long durationNanos, boolean addresses, int most) {
    header();
    if (!samples(most)) {
      return null;
    }
    mappings();
    profile.frames.write(out, scratch, inner, addresses);
    out.number(9, startEpochNanos);
    out.number(10, durationNanos);
    scratch.clear();
    scratch.number(1, strings.of(type.periodType));
    scratch.number(2, strings.of(type.periodUnit));
    out.bytes(11, scratch);
    out.number(12, profile.period);
    out.number(13, strings.of(profile.comment()));
    for (int i = 0; i < strings.count(); i++) {
      out.text(6, strings.text(i));
    }
    return out.size() > most ? null : out;
  }

  private void header() {
    sampleType(type.firstType, type.firstUnit);
    if (type.secondType != null && type.secondUnit != null) {
      sampleType(type.secondType, type.secondUnit);
    }
  }

  private void sampleType(String name, String unit) {
    scratch.clear();
    scratch.number(1, strings.of(name));
    scratch.number(2, strings.of(unit));
    out.bytes(1, scratch);
  }

  /** False where there were too many bytes before the end: it may be many times as much. */
  private boolean samples(int most) {
    Samples samples = profile.samples;
    int spanId = strings.of("span_id");
    int traceId = strings.of("trace_id");
    for (int i = 0; i < samples.count(); i++) {
      scratch.clear();
      inner.clear();
      profile.stacks.write(samples.stack[i], inner);
      scratch.bytes(1, inner);
      inner.clear();
      inner.varint(samples.first[i]);
      if (type.secondType != null) {
        inner.varint(samples.second[i]);
      }
      scratch.bytes(2, inner);
      if (samples.span[i] != 0) {
        label(spanId, Hex.of(samples.span[i]));
        label(traceId, Hex.of(samples.traceHi[i], samples.traceLo[i]));
      }
      if (samples.endpoint[i] != 0) {
        SeriesLabels.each(
            profile.endpoints.text(samples.endpoint[i]),
            (name, value) -> label(strings.of(name), value));
      }
      out.bytes(2, scratch);
      if (out.size() > most) {
        return false;
      }
    }
    return true;
  }

  private void label(int key, String value) {
    inner.clear();
    inner.number(1, key);
    inner.number(2, strings.of(value));
    scratch.bytes(3, inner);
  }

  /** One for Java code and one for native code, which is how a native frame is marked. */
  private void mappings() {
    for (int id = 1; id <= (profile.frames.hasNative ? 2 : 1); id++) {
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

  static byte[] gzip(Bytes raw, int level) {
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
