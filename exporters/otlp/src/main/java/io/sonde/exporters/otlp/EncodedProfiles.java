package io.sonde.exporters.otlp;

import io.sonde.core.Protobuf;
import io.sonde.profiler.pprof.Contents;
import io.sonde.profiler.pprof.Profile;
import io.sonde.profiler.pprof.ProfileType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Profiles of one window as OTLP has them, each of one value a sample, with the dictionary that
 * they share: all of a request but the resource and the scope.
 */
final class EncodedProfiles {
  /** Receivers of gRPC often take no more than 4 MiB, and Pyroscope no more than 2 at once. */
  private static final int MOST = 1 << 20;

  private static final int PROFILES = 2;

  final byte[] profiles;
  final byte[] dictionary;
  final int count;

  private EncodedProfiles(byte[] profiles, byte[] dictionary, int count) {
    this.profiles = profiles;
    this.dictionary = dictionary;
    this.count = count;
  }

  /** How much it takes. */
  int bytes() {
    return profiles.length + dictionary.length;
  }

  /** How many these are where none of them has to be divided. */
  static int count(List<Profile> profiles) {
    int count = 0;
    for (Profile profile : profiles) {
      count += profile.isEmpty() ? 0 : profile.type().hasSecond() ? 2 : 1;
    }
    return count;
  }

  /** All of them, in as many requests as receivers need. */
  static List<EncodedProfiles> of(List<Profile> profiles, long startEpochNanos, long nanos) {
    List<Part> parts = new ArrayList<>();
    for (Profile profile : profiles) {
      if (!profile.isEmpty()) {
        parts.add(new Part(profile, false));
        if (profile.type().hasSecond()) {
          parts.add(new Part(profile, true));
        }
      }
    }
    List<EncodedProfiles> encoded = new ArrayList<>();
    if (!parts.isEmpty()) {
      encode(parts, startEpochNanos, nanos, encoded);
    }
    return encoded;
  }

  private static void encode(
      List<Part> parts, long startEpochNanos, long nanos, List<EncodedProfiles> to) {
    Protobuf out = new Protobuf(0);
    ProfileDictionary dictionary = new ProfileDictionary();
    for (Part part : parts) {
      part.write(out, dictionary, startEpochNanos, nanos);
    }
    byte[] profiles = bytes(out);
    out.clear();
    dictionary.writeTo(out);
    EncodedProfiles all = new EncodedProfiles(profiles, bytes(out), parts.size());
    if (all.bytes() <= MOST) {
      to.add(all);
    } else if (parts.size() == 1) {
      split(parts.get(0), all, startEpochNanos, nanos, to);
    } else {
      int half = parts.size() / 2;
      encode(parts.subList(0, half), startEpochNanos, nanos, to);
      encode(parts.subList(half, parts.size()), startEpochNanos, nanos, to);
    }
  }

  /** One profile as several, each with some of its samples. */
  private static void split(
      Part part,
      EncodedProfiles whole,
      long startEpochNanos,
      long nanos,
      List<EncodedProfiles> to) {
    if (part.samples() == 1) {
      to.add(whole);
      return;
    }
    int middle = part.from + part.samples() / 2;
    encode(
        Collections.singletonList(new Part(part, part.from, middle)), startEpochNanos, nanos, to);
    encode(
        Collections.singletonList(new Part(part, middle, part.until)), startEpochNanos, nanos, to);
  }

  private static byte[] bytes(Protobuf out) {
    return Arrays.copyOf(out.array(), out.size());
  }

  /** One value of a profile, of some of its samples. */
  private static final class Part {
    private final ProfileType type;
    private final boolean second;
    private final Contents contents;
    private final int from;
    private final int until;

    Part(Profile profile, boolean second) {
      type = profile.type();
      this.second = second;
      contents = profile.contents();
      from = 0;
      until = contents.samples();
    }

    Part(Part whole, int from, int until) {
      type = whole.type;
      second = whole.second;
      contents = whole.contents;
      this.from = from;
      this.until = until;
    }

    int samples() {
      return until - from;
    }

    void write(Protobuf out, ProfileDictionary dictionary, long startEpochNanos, long nanos) {
      int begun = out.begin(PROFILES);
      valueType(out, 1, dictionary, type.value(second), type.unit(second));
      samples(out, dictionary);
      out.fixed64(3, startEpochNanos);
      ProfileDictionary.number(out, 4, nanos);
      valueType(out, 5, dictionary, type.periodType(), type.periodUnit());
      // Pyroscope has no name for a profile without a period: it takes the period's type.
      out.number(6, Math.max(1, contents.period));
      ThreadLocalRandom random = ThreadLocalRandom.current();
      out.id(7, random.nextLong() | 1, random.nextLong());
      out.end(begun);
    }

    private static void valueType(
        Protobuf out, int field, ProfileDictionary dictionary, String type, String unit) {
      int begun = out.begin(field);
      out.number(1, dictionary.text(type));
      out.number(2, dictionary.text(unit));
      out.end(begun);
    }

    private void samples(Protobuf out, ProfileDictionary dictionary) {
      int[] locations = new int[contents.frames()]; // 0: not asked for yet
      int[] stacks = new int[contents.stacks()];
      for (int sample = from; sample < until; sample++) {
        long value = contents.value(sample, second);
        if (value == 0) {
          continue;
        }
        int stack = contents.stack(sample);
        if (stacks[stack] == 0) {
          stacks[stack] = stack(dictionary, stack, locations);
        }
        int begun = out.begin(2);
        ProfileDictionary.number(out, 1, stacks[stack]);
        labels(out, dictionary, contents.labels(sample));
        long span = contents.span(sample);
        if (span != 0) {
          long hi = contents.traceHi(sample);
          out.number(3, dictionary.link(span, hi, contents.traceLo(sample)));
        }
        ProfileDictionary.packed(out, 4, value);
        out.end(begun);
      }
    }

    private void labels(Protobuf out, ProfileDictionary dictionary, int labels) {
      if (labels != 0) {
        int begun = out.begin(2);
        contents.each(labels, (name, value) -> out.varint(dictionary.attribute(name, value)));
        out.end(begun);
      }
    }

    private int stack(ProfileDictionary dictionary, int stack, int[] locations) {
      long[] leafFirst = new long[contents.depth(stack)];
      for (int i = 0; i < leafFirst.length; i++) {
        int frame = contents.frame(stack, i);
        if (locations[frame] == 0) {
          locations[frame] = dictionary.location(contents, frame);
        }
        leafFirst[i] = locations[frame];
      }
      return dictionary.stack(leafFirst);
    }
  }
}
